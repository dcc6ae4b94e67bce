package tidefs.nfs4;

/**
 * What one COMPOUND moved.
 *
 * @param client whose it is: the client of its session, or in 4.0 its connection
 * @param operation the number of its principal operation: what the others are there for
 * @param bytes of data, for a read or write; of request and reply, for others
 * @param startNanos when it was received
 */
public record Traffic(Object client, Kind kind, int operation, long bytes, long startNanos) {
  /** What a request does. */
  public enum Kind {
    DATA_READ,
    DATA_WRITE,
    METADATA_READ,
    METADATA_WRITE
  }
}
