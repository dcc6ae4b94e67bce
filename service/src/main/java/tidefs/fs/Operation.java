package tidefs.fs;

import tidefs.base.Blocking;

/**
 * The circumstances under which operations run: on whose behalf, whether they may wait, and, as a
 * result, on which sequence number of the file system's store their answers depend. One per request
 * of a protocol; not for concurrent use.
 */
public final class Operation {
  private Credentials credentials;
  private Blocking blocking;
  private long dependsOn;

  /** An operation for {@code credentials}. */
  public Operation(Credentials credentials, Blocking blocking) {
    this.credentials = credentials;
    this.blocking = blocking;
  }

  /** On whose behalf. */
  public Credentials credentials() {
    return credentials;
  }

  /** Acts for someone else from now on. */
  public void actFor(Credentials other) {
    credentials = other;
  }

  /** Whether the calling thread may wait. */
  public Blocking blocking() {
    return blocking;
  }

  /** The thread changed, and with it whether waiting is allowed. */
  public void blocking(Blocking now) {
    blocking = now;
  }

  /**
   * The highest sequence number that was written or read so far: no answer may leave before it is
   * durable. 0 if none.
   */
  public long dependsOn() {
    return dependsOn;
  }

  /** Notes that the answer depends on {@code sequence}. */
  public void dependOn(long sequence) {
    dependsOn = Math.max(dependsOn, sequence);
  }
}
