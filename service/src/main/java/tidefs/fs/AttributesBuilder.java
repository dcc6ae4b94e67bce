package tidefs.fs;

/** Attributes in the making. */
final class AttributesBuilder {
  private final long ino;
  private final FileType type;
  private final Time created;
  private Device device;
  private int mode;
  private int uid;
  private int gid;
  private int links;
  private long size;
  private long spaceUsed;
  private long change;
  private Time accessed;
  private Time modified;
  private Time changed;

  /** Starts from attributes as they are. */
  AttributesBuilder(Attributes from) {
    ino = from.ino();
    type = from.type();
    created = from.created();
    mode = from.mode();
    uid = from.uid();
    gid = from.gid();
    links = from.links();
    size = from.size();
    spaceUsed = from.spaceUsed();
    change = from.change();
    accessed = from.accessed();
    modified = from.modified();
    changed = from.changed();
    device = from.device();
  }

  /** Starts a new inode that is made {@code now}. */
  AttributesBuilder(long ino, FileType type, Time now) {
    this.ino = ino;
    this.type = type;
    created = now;
    accessed = now;
    modified = now;
    changed = now;
    device = Device.NONE;
    change = nanos(now);
    links = type == FileType.DIRECTORY ? 2 : 1;
    spaceUsed = Limits.BLOCK_BYTES;
    size = type == FileType.DIRECTORY ? Limits.BLOCK_BYTES + Limits.INODE_METERED_BYTES : 0;
  }

  AttributesBuilder mode(int value) {
    mode = value;
    return this;
  }

  AttributesBuilder uid(int value) {
    uid = value;
    return this;
  }

  AttributesBuilder gid(int value) {
    gid = value;
    return this;
  }

  AttributesBuilder device(Device value) {
    device = value;
    return this;
  }

  AttributesBuilder addLinks(int more) {
    links += more;
    return this;
  }

  AttributesBuilder links(int value) {
    links = value;
    return this;
  }

  AttributesBuilder size(long value) {
    size = value;
    return this;
  }

  AttributesBuilder spaceUsed(long value) {
    spaceUsed = value;
    return this;
  }

  AttributesBuilder accessed(Time value) {
    accessed = value;
    return this;
  }

  AttributesBuilder modified(Time value) {
    modified = value;
    return this;
  }

  /**
   * Attributes changed {@code now}. As on EFS, whatever writes the inode moves its access time. The
   * change attribute follows the clock where it can, so that it does not repeat values that a crash
   * took back.
   */
  AttributesBuilder touch(Time now) {
    change = Math.max(change + 1, nanos(now));
    accessed = now;
    changed = now;
    return this;
  }

  Attributes build() {
    return new Attributes(
        ino, type, mode, uid, gid, links, size, spaceUsed, change, accessed, modified, changed,
        created, device);
  }

  private static long nanos(Time time) {
    return time.seconds() * 1_000_000_000L + time.nanos();
  }
}
