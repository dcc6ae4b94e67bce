package tidefs.fs;

import tidefs.base.Invariant;
import tidefs.store.ChunkStore;

/** What the file system bounds, in one place. The first group is EFS's and seen by users. */
public final class Limits {
  /** The longest name of a directory entry, in bytes. */
  public static final int NAME_BYTES = 255;

  /** The longest target of a symbolic link, in bytes. */
  public static final int SYMLINK_BYTES = 4_080;

  /** The most hard links of one file. */
  public static final int LINKS = 177;

  /** The largest file, in bytes. */
  public static final long FILE_BYTES = 52_673_613_135_872L;

  /** The deepest directory: the root is at depth 0. */
  public static final int DEPTH = 1_000;

  /** The longest name of an extended attribute, in bytes, without its namespace. */
  public static final int XATTR_NAME_BYTES = 255;

  /** The longest value of an extended attribute, in bytes. */
  public static final int XATTR_VALUE_BYTES = 64 << 10;

  /** What all extended attributes of one inode may count, in bytes. */
  public static final int XATTR_TOTAL_BYTES = 256 << 10;

  /** What an extended attribute counts besides its name and value, in bytes. */
  static final int XATTR_OVERHEAD_BYTES = 32;

  /** The unit in which contents can be cloned, in bytes. */
  public static final int CLONE_BLOCK_BYTES = 4_096;

  /** The most data of the target after one clone, in bytes: all of it is written anew. */
  public static final long CLONE_BYTES = 256L << 20;

  /** Chunks that one step of punching a hole changes at most. */
  static final int PUNCH_STEP_CHUNKS = 256;

  /** Maps of blocks that an event loop looks at in one search for data or a hole. */
  static final int SEEK_MAPS = 1_024;

  /** The longest key and the longest value of a recovery record, in bytes. */
  public static final int RECOVERY_RECORD_BYTES = 1_024;

  /** The largest file whose contents are kept in its inode, in bytes. */
  static final int INLINE_BYTES = 4_096;

  /** The unit in which data is metered, in bytes. */
  static final int BLOCK_BYTES = 4_096;

  /** What an inode is metered with besides its data, in bytes. */
  static final long INODE_METERED_BYTES = 2_048;

  /** What a directory entry is metered with besides its name, in bytes. */
  static final int ENTRY_OVERHEAD_BYTES = 32;

  /** How far beyond its size a new file may be written before a record must say so. */
  static final long FIRST_GRANT_BYTES = ChunkStore.CHUNK_BYTES;

  /** The steps in which that is raised, in bytes. */
  static final long GRANT_BYTES = 64L << 20;

  /** The largest stable write whose bytes become durable in a redo record, in bytes. */
  static final int REDO_WRITE_BYTES = 16 << 10;

  /** Bytes in redo records of one file after which its chunks are synced. */
  static final long REDO_BYTES = 8L << 20;

  /** Inode numbers that are reserved at once. */
  static final long INODE_NUMBERS_RESERVED = 1L << 16;

  /** Chunks that one step of reclaiming removes at most. */
  static final int RECLAIM_STEP_CHUNKS = 256;

  /** Maps of a sparse file that one step of shrinking it drops at most. */
  static final int SHRINK_STEP_MAPS = 1 << 16;

  /** Maps of one sparse file that are kept in memory once they are durable. */
  static final int CLEAN_MAPS = 64;

  static {
    Invariant.check(INLINE_BYTES <= FIRST_GRANT_BYTES, "a file that grows out of its inode fits");
    Invariant.check(SYMLINK_BYTES <= INLINE_BYTES, "a symbolic link's target fits in its inode");
    Invariant.check(CLONE_BLOCK_BYTES == BLOCK_BYTES, "a clone leaves blocks whole");
    Invariant.check(
        FILE_BYTES / ChunkStore.CHUNK_BYTES < Integer.MAX_VALUE, "chunks are counted in an int");
  }

  private Limits() {}
}
