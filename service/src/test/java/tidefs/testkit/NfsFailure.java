package tidefs.testkit;

import tidefs.nfs4.op.Status;

/** A COMPOUND ended with another status than OK. */
public final class NfsFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Status status;

  NfsFailure(Status status, int code) {
    super("operation " + code + " ended with " + status);
    this.status = status;
  }

  /** What went wrong. */
  public Status status() {
    return status;
  }
}
