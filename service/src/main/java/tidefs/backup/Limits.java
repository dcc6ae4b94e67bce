package tidefs.backup;

/** What backups bound. */
final class Limits {
  /** Where a pack ends and the next begins, in bytes: a pack goes as a whole. */
  static final long PACK_BYTES = 64L << 20;

  private Limits() {}
}
