package tidefs.backup;

/** What backups bound. */
final class Limits {
  /** Where a pack ends and the next begins, in bytes: a pack goes as a whole. */
  static final long PACK_BYTES = 64L << 20;

  /** About how many bytes of entries are sealed together. */
  static final int BLOCK_BYTES = 1 << 20;

  /**
   * The longest block of sealed entries that is read, in bytes: one entry may go beyond a block.
   */
  static final int SEALED_BYTES = 64 << 20;

  private Limits() {}
}
