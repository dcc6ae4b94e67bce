package tidefs.nfs4.state;

import tidefs.nfs4.op.Status;

/** An operation is refused with a status: an answer, not a failure. Stackless. */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final Status status;

  /** A refusal with {@code status}. */
  public Refused(Status status) {
    super(status.name(), null, false, false);
    this.status = status;
  }

  /** What the client is told. */
  public Status status() {
    return status;
  }
}
