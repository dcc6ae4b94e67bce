package tidefs.fs;

import java.nio.ByteBuffer;
import tidefs.base.Blocking;
import tidefs.base.SipHash;
import tidefs.store.Batch;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.View;

/**
 * What a file system says of itself.
 *
 * @param hashKey0 the first half of the key of the name hash
 * @param hashKey1 the second half
 */
record Superblock(long hashKey0, long hashKey1) {
  /** What the first released version wrote. It knows no marks of changes, and no copies. */
  private static final byte FIRST_FORMAT = 1;

  /** What this version writes: a version that would not keep marks must not open it. */
  private static final byte FORMAT = 2;

  private static final int BYTES = 17;

  NameHash hash() {
    return new SipHash(hashKey0, hashKey1)::hash;
  }

  static Superblock read(View store) {
    byte[] stored =
        store
            .get(Keys.SUPERBLOCK, Blocking.ALLOWED)
            .orElseThrow(() -> new StoreFault("the store holds no file system"));
    ByteBuffer in = ByteBuffer.wrap(stored);
    byte format = in.get();
    if (format > FORMAT) {
      throw new StoreFault(
          "the file system was written by a newer version of TideFS (format "
              + format
              + ", where this one knows "
              + FORMAT
              + "): use that version");
    }
    if (stored.length != BYTES || format < FIRST_FORMAT) {
      throw new StoreFault("the file system has a format that is not known");
    }
    return new Superblock(in.getLong(), in.getLong());
  }

  /** Lets a file system of an older format be one of this version's. Durable on return. */
  static void upgrade(MetadataStore store) {
    Superblock superblock = read(store);
    byte[] stored = store.get(Keys.SUPERBLOCK, Blocking.ALLOWED).orElseThrow();
    if (stored[0] < FORMAT) {
      Batch batch = new Batch().put(Keys.SUPERBLOCK, superblock.encode());
      store.awaitDurable(store.apply(batch, Blocking.ALLOWED));
    }
  }

  private byte[] encode() {
    return ByteBuffer.allocate(BYTES).put(FORMAT).putLong(hashKey0).putLong(hashKey1).array();
  }

  static void format(FileSystemConfig config) {
    MetadataStore store = config.store();
    if (FileSystem.isFormatted(store)) {
      throw new StoreFault("the store holds a file system already");
    }
    var instant = config.clock().now();
    Time now = new Time(instant.getEpochSecond(), instant.getNano());
    Attributes attributes =
        new AttributesBuilder(InodeNumbers.ROOT, FileType.DIRECTORY, now).mode(0755).build();
    InodeState root =
        new InodeState(attributes, 0, 0, 0, FileLayout.NONE, InodeState.NO_DATA, 0, 0);
    Superblock superblock = new Superblock(config.chance().nextLong(), config.chance().nextLong());
    Usage usage = Usage.standard(attributes.spaceUsed() + Limits.INODE_METERED_BYTES, 1);
    Batch batch =
        new Batch()
            .put(Keys.SUPERBLOCK, superblock.encode())
            .put(Keys.inode(InodeNumbers.ROOT), InodeCodec.encode(root))
            .put(Keys.usage(0), UsageLedger.encode(usage));
    store.awaitDurable(store.apply(batch, Blocking.ALLOWED));
  }
}
