package tidefs.control;

import java.net.Inet4Address;
import java.util.Optional;

/**
 * What the control plane needs done to data and to network addresses. The server implements it over
 * the file systems and the NFS listeners.
 *
 * <p>All methods but {@link #meteredSize} may take their time: they are called from a background
 * thread, one call at a time for each file system and for each mount target, never under a lock.
 * They are repeated after a crash or a failure, so each is idempotent: making what exists and
 * deleting what is gone succeed without effect. They never call the control plane back. What cannot
 * be done is thrown as {@link Fault}.
 */
public interface DataPlane {
  /**
   * Makes the empty contents of a file system, encrypted if a key is named; they are durable when
   * this returns.
   *
   * @param kmsKey the ARN of the key
   */
  void createFileSystem(String fileSystemId, Optional<String> kmsKey);

  /**
   * Destroys the contents of a file system. No export shows it any more. Once this has returned,
   * nothing of it comes back after a restart; space may be reclaimed later.
   */
  void deleteFileSystem(String fileSystemId);

  /**
   * Lets clients connect to what was published in an earlier process, at little cost: nothing is
   * looked at but the address. {@link #publish} follows.
   */
  void listen(Export export);

  /** Serves a file system on an address; clients can connect when this returns. */
  void publish(Export export);

  /** Stops to serve an export and drops its connections; its address is free when this returns. */
  void withdraw(Export export);

  /** The size of an existing file system as last metered. Answers at once. */
  MeteredSize meteredSize(String fileSystemId);

  /** A file system seen through a mount target: the root of what clients of {@code address} see. */
  record Export(String mountTargetId, String fileSystemId, Inet4Address address) {}

  /** The data plane could not do its part; the message says what and why, for the operator. */
  final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A fault told in words alone. */
    public Fault(String message) {
      super(message);
    }

    /** A fault with what brought it about. */
    public Fault(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
