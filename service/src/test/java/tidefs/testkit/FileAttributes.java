package tidefs.testkit;

import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.FileHandle;

/** The attributes that a server sent, by number. */
public final class FileAttributes {
  private static final int TIME = 100;
  private static final Map<Integer, Integer> KIND = new HashMap<>();

  static {
    kind(
        4,
        Attribute.TYPE,
        Attribute.FH_EXPIRE_TYPE,
        Attribute.LINK_SUPPORT,
        Attribute.SYMLINK_SUPPORT);
    kind(
        4,
        Attribute.NAMED_ATTR,
        Attribute.UNIQUE_HANDLES,
        Attribute.LEASE_TIME,
        Attribute.RDATTR_ERROR);
    kind(4, Attribute.CLONE_BLKSIZE, Attribute.CHANGE_ATTR_TYPE, Attribute.XATTR_SUPPORT);
    kind(4, Attribute.ACLSUPPORT, Attribute.CANSETTIME, Attribute.CASE_INSENSITIVE);
    kind(4, Attribute.CASE_PRESERVING, Attribute.CHOWN_RESTRICTED, Attribute.HOMOGENEOUS);
    kind(
        4,
        Attribute.MAXLINK,
        Attribute.MAXNAME,
        Attribute.MODE,
        Attribute.NO_TRUNC,
        Attribute.NUMLINKS);
    kind(
        8,
        Attribute.CHANGE,
        Attribute.SIZE,
        Attribute.FILEID,
        Attribute.MAXFILESIZE,
        Attribute.MAXREAD);
    kind(8, Attribute.MAXWRITE, Attribute.SPACE_AVAIL, Attribute.SPACE_FREE, Attribute.SPACE_TOTAL);
    kind(8, Attribute.SPACE_USED, Attribute.SPACE_FREED);
    kind(8, Attribute.MOUNTED_ON_FILEID, Attribute.RAWDEV);
    kind(TIME, Attribute.TIME_ACCESS, Attribute.TIME_CREATE, Attribute.TIME_DELTA);
    kind(TIME, Attribute.TIME_METADATA, Attribute.TIME_MODIFY);
  }

  private final Map<Integer, Object> values = new TreeMap<>();

  private static void kind(int kind, int... numbers) {
    for (int number : numbers) {
      KIND.put(number, kind);
    }
  }

  /** Decodes an fattr4. */
  public static FileAttributes decode(XdrIn from) {
    var attributes = new FileAttributes();
    BitSet numbers = from.bitmap();
    var in = new XdrIn(from.opaque());
    numbers.stream().forEach(number -> attributes.values.put(number, value(number, in)));
    if (in.remaining() != 0) {
      throw new IllegalStateException("more attribute values than attributes");
    }
    return attributes;
  }

  private static Object value(int number, XdrIn in) {
    return switch (number) {
      case Attribute.SUPPORTED_ATTRS, Attribute.SUPPATTR_EXCLCREAT -> in.bitmap();
      case Attribute.FSID -> List.of(in.int64(), in.int64());
      case Attribute.FILEHANDLE -> FileHandle.wrap(in.opaque());
      case Attribute.OWNER, Attribute.OWNER_GROUP -> in.text();
      case Attribute.OPEN_ARGUMENTS ->
          List.of(in.bitmap(), in.bitmap(), in.bitmap(), in.bitmap(), in.bitmap());
      default ->
          switch (KIND.getOrDefault(number, 0)) {
            case 4 -> Integer.toUnsignedLong(in.int32());
            case 8 -> in.int64();
            case TIME -> Instant.ofEpochSecond(in.int64(), in.int32());
            default ->
                throw new IllegalStateException("attribute " + number + " was not asked for");
          };
    };
  }

  /** Whether the server sent it. */
  public boolean has(int number) {
    return values.containsKey(number);
  }

  /** Which attributes the server sent. */
  public Set<Integer> numbers() {
    return values.keySet();
  }

  /** An attribute that is a number or a boolean. */
  public long number(int number) {
    return (long) value(number);
  }

  /** An attribute that is a string. */
  public String text(int number) {
    return (String) value(number);
  }

  /** An attribute that is a time. */
  public Instant time(int number) {
    return (Instant) value(number);
  }

  /** An attribute that is a set of attributes. */
  public BitSet set(int number) {
    return (BitSet) value(number);
  }

  /** Bytes of the contents. */
  public long size() {
    return number(Attribute.SIZE);
  }

  /** Permission bits. */
  public int mode() {
    return (int) number(Attribute.MODE);
  }

  /** An nfs_ftype4. */
  public int type() {
    return (int) number(Attribute.TYPE);
  }

  /** Hard links. */
  public int links() {
    return (int) number(Attribute.NUMLINKS);
  }

  /** The inode number. */
  public long fileId() {
    return number(Attribute.FILEID);
  }

  /** Bytes that the file takes. */
  public long spaceUsed() {
    return number(Attribute.SPACE_USED);
  }

  /** The change attribute. */
  public long change() {
    return number(Attribute.CHANGE);
  }

  /** The file handle. */
  public FileHandle handle() {
    return (FileHandle) value(Attribute.FILEHANDLE);
  }

  private Object value(int number) {
    Object value = values.get(number);
    if (value == null) {
      throw new IllegalStateException("attribute " + number + " did not come");
    }
    return value;
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
