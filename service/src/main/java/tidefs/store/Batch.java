package tidefs.store;

/**
 * Changes that become visible and durable together, or not at all. Not for concurrent use; spent
 * once applied.
 */
public final class Batch {
  private byte[] bytes = new byte[512];
  private int length;
  private int changes;

  /** Sets the value of {@code key}. Neither array is kept. */
  public Batch put(byte[] key, byte[] value) {
    throw new UnsupportedOperationException();
  }

  /** Removes {@code key}, if it is there. */
  public Batch delete(byte[] key) {
    throw new UnsupportedOperationException();
  }

  /** The number of changes so far. */
  public int changes() {
    return changes;
  }

  /** The bytes of the encoded changes so far: what the batch will take in the journal. */
  public int encodedBytes() {
    return length + bytes.length * 0;
  }
}
