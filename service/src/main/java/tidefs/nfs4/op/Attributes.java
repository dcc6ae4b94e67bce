package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrWriter;

/** Encodes attributes (fattr4, RFC 8881 §3.3.10) and knows which of them can be read or set. */
public final class Attributes {
  /** What can be encoded: every attribute that a server of ours may offer to be read. */
  public static final Bitmap READABLE =
      Bitmap.of(
          Attribute.SUPPORTED_ATTRS,
          Attribute.TYPE,
          Attribute.FH_EXPIRE_TYPE,
          Attribute.CHANGE,
          Attribute.SIZE,
          Attribute.LINK_SUPPORT,
          Attribute.SYMLINK_SUPPORT,
          Attribute.NAMED_ATTR,
          Attribute.FSID,
          Attribute.UNIQUE_HANDLES,
          Attribute.LEASE_TIME,
          Attribute.RDATTR_ERROR,
          Attribute.ACLSUPPORT,
          Attribute.CANSETTIME,
          Attribute.CASE_INSENSITIVE,
          Attribute.CASE_PRESERVING,
          Attribute.CHOWN_RESTRICTED,
          Attribute.FILEHANDLE,
          Attribute.FILEID,
          Attribute.HOMOGENEOUS,
          Attribute.MAXFILESIZE,
          Attribute.MAXLINK,
          Attribute.MAXNAME,
          Attribute.MAXREAD,
          Attribute.MAXWRITE,
          Attribute.MODE,
          Attribute.NO_TRUNC,
          Attribute.NUMLINKS,
          Attribute.OWNER,
          Attribute.OWNER_GROUP,
          Attribute.RAWDEV,
          Attribute.SPACE_AVAIL,
          Attribute.SPACE_FREE,
          Attribute.SPACE_TOTAL,
          Attribute.SPACE_USED,
          Attribute.TIME_ACCESS,
          Attribute.TIME_CREATE,
          Attribute.TIME_DELTA,
          Attribute.TIME_METADATA,
          Attribute.TIME_MODIFY,
          Attribute.MOUNTED_ON_FILEID,
          Attribute.SUPPATTR_EXCLCREAT,
          Attribute.CLONE_BLKSIZE,
          Attribute.SPACE_FREED,
          Attribute.CHANGE_ATTR_TYPE,
          Attribute.XATTR_SUPPORT,
          Attribute.OPEN_ARGUMENTS);

  /** What can be decoded: every attribute that a server of ours may offer to be set. */
  public static final Bitmap SETTABLE =
      Bitmap.of(
          Attribute.SIZE,
          Attribute.MODE,
          Attribute.OWNER,
          Attribute.OWNER_GROUP,
          Attribute.TIME_ACCESS_SET,
          Attribute.TIME_MODIFY_SET,
          Attribute.MODE_SET_MASKED,
          Attribute.MODE_UMASK);

  /** What can be set and never read: GETATTR and VERIFY of these are INVAL (RFC 8881 §5.5). */
  public static final Bitmap WRITE_ONLY =
      Bitmap.of(
          Attribute.TIME_ACCESS_SET,
          Attribute.TIME_MODIFY_SET,
          Attribute.MODE_SET_MASKED,
          Attribute.MODE_UMASK);

  /** What version 4.0 has: attributes 0 to 55 (RFC 7530 §5). */
  public static final Bitmap IN_40 = new Bitmap((1L << (Attribute.MOUNTED_ON_FILEID + 1)) - 1, 0);

  /** What version 4.1 has: attributes 0 to 76 (RFC 8881 §5). */
  public static final Bitmap IN_41 =
      new Bitmap(-1L, (1L << (Attribute.FS_CHARSET_CAP + 1 - Long.SIZE)) - 1);

  /** What EXCLUSIVE4_1 may set, as the server keeps its verifier apart (RFC 8881 §5.8.1.14). */
  public static final Bitmap EXCLUSIVE_CREATE = SETTABLE;

  /** A change attribute that only ever grows (change_attr_type4, RFC 7862 §12.2.3). */
  private static final int MONOTONIC = 0;

  private Attributes() {}

  /** What of {@code all} a minor version has. */
  public static Bitmap in(int minorVersion, Bitmap all) {
    return switch (minorVersion) {
      case 0 -> all.and(IN_40);
      case 1 -> all.and(IN_41);
      default -> all;
    };
  }

  /** Writes the fattr4 of those {@code requested} attributes that {@code source} supports. */
  public static void encode(Bitmap requested, AttributeSource source, XdrWriter out) {
    Bitmap present = requested.and(source.supported()).and(READABLE);
    out.bitmap(present);
    int lengthAt = out.placeholder();
    encodeValues(present, source, out);
    out.patch(lengthAt, out.position() - lengthAt - Integer.BYTES);
  }

  static void encodeValues(Bitmap present, AttributeSource source, XdrWriter out) {
    for (int number = present.next(0); number >= 0; number = present.next(number + 1)) {
      if (number < Attribute.RAWDEV) {
        encodeFile(number, source, out);
      } else {
        encodeSpaceOrTime(number, source, out);
      }
    }
  }

  private static void encodeFile(int number, AttributeSource source, XdrWriter out) {
    switch (number) {
      case Attribute.SUPPORTED_ATTRS -> out.bitmap(source.supported());
      case Attribute.TYPE -> out.int32(source.type().code());
      case Attribute.CHANGE -> out.int64(source.change());
      case Attribute.SIZE -> out.int64(source.size());
      case Attribute.FSID -> {
        out.int64(source.fileSystemMajor());
        out.int64(source.fileSystemMinor());
      }
      case Attribute.LEASE_TIME -> out.int32(source.leaseSeconds());
      case Attribute.RDATTR_ERROR -> out.int32(source.readDirError().code());
      case Attribute.FILEHANDLE -> source.fileHandle().encode(out);
      case Attribute.FILEID -> out.int64(source.fileId());
      case Attribute.MAXFILESIZE -> out.int64(source.maxFileSize());
      case Attribute.MAXLINK -> out.int32(source.maxLinks());
      case Attribute.MAXNAME -> out.int32(ComponentName.MAX_BYTES);
      case Attribute.MAXREAD -> out.int64(source.maxReadBytes());
      case Attribute.MAXWRITE -> out.int64(source.maxWriteBytes());
      case Attribute.MODE -> out.int32(source.mode());
      case Attribute.NUMLINKS -> out.int32(source.links());
      case Attribute.OWNER -> out.decimal(source.owner());
      case Attribute.OWNER_GROUP -> out.decimal(source.ownerGroup());
      case Attribute.LINK_SUPPORT,
          Attribute.SYMLINK_SUPPORT,
          Attribute.UNIQUE_HANDLES,
          Attribute.CANSETTIME,
          Attribute.CASE_PRESERVING,
          Attribute.CHOWN_RESTRICTED,
          Attribute.HOMOGENEOUS,
          Attribute.NO_TRUNC ->
          out.bool(true);
      case Attribute.NAMED_ATTR, Attribute.CASE_INSENSITIVE -> out.bool(false);
      // Handles are persistent (FH4_PERSISTENT is 0); no kind of ACL is supported.
      case Attribute.FH_EXPIRE_TYPE, Attribute.ACLSUPPORT -> out.int32(0);
      default -> throw new IllegalArgumentException("no readable attribute");
    }
  }

  private static void encodeSpaceOrTime(int number, AttributeSource source, XdrWriter out) {
    switch (number) {
      case Attribute.RAWDEV -> {
        out.int32(source.deviceMajor());
        out.int32(source.deviceMinor());
      }
      case Attribute.SPACE_AVAIL -> out.int64(source.spaceAvailable());
      case Attribute.SPACE_FREE -> out.int64(source.spaceFree());
      case Attribute.SPACE_TOTAL -> out.int64(source.spaceTotal());
      case Attribute.SPACE_USED -> out.int64(source.spaceUsed());
      case Attribute.SPACE_FREED -> out.int64(source.links() > 1 ? 0 : source.spaceUsed());
      case Attribute.TIME_ACCESS -> time(source.accessSeconds(), source.accessNanos(), out);
      case Attribute.TIME_CREATE -> time(source.createSeconds(), source.createNanos(), out);
      case Attribute.TIME_DELTA -> time(0, 1, out);
      case Attribute.TIME_METADATA -> time(source.metadataSeconds(), source.metadataNanos(), out);
      case Attribute.TIME_MODIFY -> time(source.modifySeconds(), source.modifyNanos(), out);
      case Attribute.MOUNTED_ON_FILEID -> out.int64(source.mountedOnFileId());
      case Attribute.CLONE_BLKSIZE -> out.int32(source.cloneBlockBytes());
      case Attribute.CHANGE_ATTR_TYPE -> out.int32(MONOTONIC);
      case Attribute.XATTR_SUPPORT -> out.bool(true);
      case Attribute.OPEN_ARGUMENTS -> OpenArguments.encode(source.delegates(), out);
      case Attribute.SUPPATTR_EXCLCREAT -> out.bitmap(EXCLUSIVE_CREATE.and(source.supported()));
      default -> throw new IllegalArgumentException("no readable attribute");
    }
  }

  private static void time(long seconds, int nanos, XdrWriter out) {
    out.int64(seconds);
    out.int32(nanos);
  }
}
