package tidefs.store;

/** A walk over keys in ascending unsigned order. Holds resources: close it soon. */
public interface Entries extends AutoCloseable {
  /** Moves to the next entry; false when there is none. Call it before the first entry too. */
  boolean next();

  /** The current key. The array is the caller's. */
  byte[] key();

  /** The current value. The array is the caller's. */
  byte[] value();

  @Override
  void close();
}
