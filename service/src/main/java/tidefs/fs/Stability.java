package tidefs.fs;

/** How safe written bytes are before the answer (the order is that of strength). */
public enum Stability {
  /** In memory: a crash may lose them, and {@link FileSystem#incarnation} then changes. */
  UNSTABLE,
  /** The bytes and what is needed to find them are durable. */
  DATA_SYNC,
  /** The bytes and all attributes are durable. */
  FILE_SYNC
}
