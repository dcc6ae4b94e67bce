package tidefs.fs.throughput;

/**
 * The most that a file system gives in one throughput mode, whatever its size. Reads and writes
 * share: half of the one leaves half of the other.
 *
 * @param clientBytesPerSecond the most that one client gets, reads and writes together
 */
public record Caps(
    long readBytesPerSecond,
    long writeBytesPerSecond,
    long clientBytesPerSecond,
    int readOperationsPerSecond,
    int writeOperationsPerSecond) {
  /** Refuses rates at which nothing would move. */
  public Caps {
    if (readBytesPerSecond < 1
        || writeBytesPerSecond < 1
        || clientBytesPerSecond < 1
        || readOperationsPerSecond < 1
        || writeOperationsPerSecond < 1) {
      throw new IllegalArgumentException("a throughput figure is below 1");
    }
  }

  /** These with other limits on operations. */
  public Caps withOperations(int read, int write) {
    return new Caps(readBytesPerSecond, writeBytesPerSecond, clientBytesPerSecond, read, write);
  }
}
