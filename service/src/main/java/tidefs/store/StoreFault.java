package tidefs.store;

/**
 * A fault below the seams: a disk that failed, bytes that are damaged, a fenced writer. Never an
 * answer to a user's request as such: the edges log it once and answer with the protocol's I/O
 * error.
 */
public class StoreFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A fault with a constant text; variables go to the log as key/values. */
  public StoreFault(String text) {
    super(text);
  }

  /** A fault with a constant text and what caused it. */
  public StoreFault(String text, Throwable cause) {
    super(text, cause);
  }

  /** The fault that {@code cause} is, {@link StoreFullFault} if it says that space has run out. */
  static StoreFault of(String text, org.rocksdb.RocksDBException cause) {
    org.rocksdb.Status status = cause.getStatus();
    boolean full = status != null && status.getSubCode() == org.rocksdb.Status.SubCode.NoSpace;
    return full ? new StoreFullFault(text, cause) : new StoreFault(text, cause);
  }
}
