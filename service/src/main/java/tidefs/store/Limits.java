package tidefs.store;

/** What the stores bound, in one place. */
public final class Limits {
  /** The longest key, in bytes. */
  public static final int KEY_BYTES = 4 << 10;

  /** The largest value, in bytes. */
  public static final int VALUE_BYTES = 4 << 20;

  /** The largest batch, encoded, in bytes. */
  public static final int BATCH_BYTES = 16 << 20;

  /**
   * Bytes applied and not yet in the journal, above which a store takes no batch until some are.
   */
  static final long UNJOURNALLED_BYTES = 32L << 20;

  /** How much one append to the journal takes at most, unless a single record is larger. */
  static final int APPEND_BYTES = 4 << 20;

  /** What a committer keeps of its buffer while idle. */
  static final int IDLE_BUFFER_BYTES = 16 << 10;

  /** Journal written since the last checkpoint that makes the next one due. */
  static final long CHECKPOINT_BYTES = 64L << 20;

  /** How long a change waits at most for a checkpoint. */
  static final long CHECKPOINT_NANOS = 60_000_000_000L;

  private Limits() {}
}
