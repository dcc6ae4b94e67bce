package tidefs.nfs4;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tidefs.fs.Attributes;
import tidefs.nfs4.op.AttributeSource;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.FileType;
import tidefs.nfs4.state.Handles;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Bitmap;

/**
 * The attributes of an inode as NFS tells them; the set is that of EFS. Reused for one file after
 * the other by a COMPOUND.
 */
final class NodeAttributes implements AttributeSource {
  /** SPACE_TOTAL, by which {@code df} shows 8 EiB as on EFS. */
  static final long SPACE_TOTAL_BYTES = Long.MAX_VALUE;

  /** The largest file: 47.9 TiB, as on EFS. */
  static final long MAX_FILE_BYTES = 52_673_613_135_872L;

  /** Hard links of a file, as on EFS. */
  static final int MAX_LINKS = 177;

  private static final Bitmap SUPPORTED =
      tidefs.nfs4.op.Attributes.READABLE.or(tidefs.nfs4.op.Attributes.SETTABLE);
  private static final Bitmap[] SUPPORTED_IN = {in(0), in(1), in(2)};

  private static Bitmap in(int minorVersion) {
    return tidefs.nfs4.op.Attributes.in(minorVersion, SUPPORTED);
  }

  private NfsConfig config = NfsConfig.DEFAULTS;
  private Bitmap supported = SUPPORTED_IN[0];
  private @Nullable Volume volume;
  private @Nullable Handles handles;
  private @Nullable Attributes values;
  private long mountedOn;
  private OptionalLong heldSize = OptionalLong.empty();

  /** What GETATTR may be asked for and SETATTR may set. */
  static Bitmap supported(int minorVersion) {
    return minorVersion < 0 || minorVersion > 2 ? Bitmap.EMPTY : SUPPORTED_IN[minorVersion];
  }

  void begin(NfsConfig newConfig, int minorVersion) {
    config = newConfig;
    supported = supported(minorVersion);
    volume = null;
    handles = null;
    values = null;
  }

  /** Describes an inode of a volume. */
  NodeAttributes of(Volume itsVolume, Attributes attributes) {
    return of(itsVolume, attributes, attributes.ino());
  }

  /** Describes an inode of a volume that covers file {@code covered} of another. */
  NodeAttributes of(Volume itsVolume, Attributes attributes, long covered) {
    volume = itsVolume;
    handles = itsVolume.handles();
    values = attributes;
    mountedOn = covered;
    heldSize = OptionalLong.empty();
    return this;
  }

  /** The file has this size in the memory of a client that may write it. */
  void size(long held) {
    heldSize = OptionalLong.of(held);
  }

  /** Describes what belongs to no volume: the pseudo root. */
  NodeAttributes ofPseudoRoot(Handles itsHandles, Attributes attributes) {
    volume = null;
    handles = itsHandles;
    values = attributes;
    mountedOn = attributes.ino();
    return this;
  }

  private Attributes values() {
    Attributes now = values;
    if (now == null) {
      throw new IllegalStateException("no file is described");
    }
    return now;
  }

  @Override
  public Bitmap supported() {
    return supported;
  }

  @Override
  public FileType type() {
    return type(values().type());
  }

  static FileType type(tidefs.fs.FileType type) {
    return switch (type) {
      case REGULAR -> FileType.REGULAR;
      case DIRECTORY -> FileType.DIRECTORY;
      case SYMLINK -> FileType.SYMBOLIC_LINK;
      case FIFO -> FileType.FIFO;
      case SOCKET -> FileType.SOCKET;
      case BLOCK -> FileType.BLOCK_DEVICE;
      case CHARACTER -> FileType.CHARACTER_DEVICE;
    };
  }

  @Override
  public long change() {
    return values().change();
  }

  @Override
  public long size() {
    return heldSize.orElseGet(() -> values().size());
  }

  @Override
  public long fileSystemMajor() {
    Volume its = volume;
    return its == null ? 0 : its.number();
  }

  @Override
  public long fileSystemMinor() {
    return 0;
  }

  @Override
  public int leaseSeconds() {
    return (int) config.lease().toSeconds();
  }

  @Override
  public boolean delegates() {
    return config.extensions();
  }

  @Override
  public FileHandle fileHandle() {
    Handles its = handles;
    if (its == null) {
      throw new IllegalStateException("no file is described");
    }
    return its.of(values().ino());
  }

  @Override
  public long fileId() {
    return values().ino();
  }

  @Override
  public long maxFileSize() {
    return MAX_FILE_BYTES;
  }

  @Override
  public int maxLinks() {
    return MAX_LINKS;
  }

  @Override
  public long maxReadBytes() {
    return config.ioBytes();
  }

  @Override
  public long maxWriteBytes() {
    return config.ioBytes();
  }

  @Override
  public int mode() {
    return values().mode();
  }

  @Override
  public int links() {
    return values().links();
  }

  @Override
  public int owner() {
    return values().uid();
  }

  @Override
  public int ownerGroup() {
    return values().gid();
  }

  @Override
  public int deviceMajor() {
    return values().device().major();
  }

  @Override
  public int deviceMinor() {
    return values().device().minor();
  }

  @Override
  public long spaceAvailable() {
    return spaceFree();
  }

  @Override
  public long spaceFree() {
    Volume its = volume;
    return its == null
        ? SPACE_TOTAL_BYTES
        : SPACE_TOTAL_BYTES - its.fileSystem().usage().meteredBytes();
  }

  @Override
  public long spaceTotal() {
    return SPACE_TOTAL_BYTES;
  }

  @Override
  public int cloneBlockBytes() {
    return tidefs.fs.Limits.CLONE_BLOCK_BYTES;
  }

  @Override
  public long spaceUsed() {
    return values().spaceUsed();
  }

  @Override
  public long accessSeconds() {
    return values().accessed().seconds();
  }

  @Override
  public int accessNanos() {
    return values().accessed().nanos();
  }

  @Override
  public long createSeconds() {
    return values().created().seconds();
  }

  @Override
  public int createNanos() {
    return values().created().nanos();
  }

  @Override
  public long metadataSeconds() {
    return values().changed().seconds();
  }

  @Override
  public int metadataNanos() {
    return values().changed().nanos();
  }

  @Override
  public long modifySeconds() {
    return values().modified().seconds();
  }

  @Override
  public int modifyNanos() {
    return values().modified().nanos();
  }

  @Override
  public long mountedOnFileId() {
    return mountedOn;
  }

  /** Whether an attribute can be read at all; INVAL otherwise (RFC 8881 §5.5). */
  static boolean isWriteOnly(Bitmap requested) {
    return !requested.and(tidefs.nfs4.op.Attributes.WRITE_ONLY).isEmpty();
  }
}
