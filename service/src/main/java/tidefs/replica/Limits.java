package tidefs.replica;

import tidefs.fs.Snapshot;

/** What replication bounds. */
public final class Limits {
  /** The most bytes of messages in one call. */
  public static final int CALL_BYTES = 1 << 20;

  /** Bytes of messages that are gathered before they are sent. */
  static final int GATHERED_BYTES = 512 << 10;

  /** Inodes that are offered before their answers are looked at. */
  static final int OFFERS = 512;

  /** Parts of a file whose digests are compared at once. */
  static final int COMPARED_PARTS = 16;

  /** Files from this size on are compared part by part before they are sent. */
  static final long COMPARED_FILE_BYTES = 4L * Snapshot.PART_BYTES;

  /** How far a destination's own inode numbers are from its source's. */
  static final long NUMBERS_APART = 1L << 32;

  /** Names of one directory that are told in one message at most. */
  static final int NAMES = 1_000;

  private Limits() {}
}
