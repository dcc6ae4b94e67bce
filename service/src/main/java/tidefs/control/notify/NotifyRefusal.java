package tidefs.control.notify;

/** Why a call on topics is not carried out. An answer, not a fault: it has no stack. */
public final class NotifyRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** The kind of refusal. */
  public enum Reason {
    NOT_FOUND,
    INVALID,
    LIMIT_EXCEEDED
  }

  NotifyRefusal(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** The message for the caller. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
