package tidefs.iam;

/** Why a request is not taken for anybody's. An answer, not a fault: it has no stack. */
public final class AuthenticationRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** A refusal whose message is for the caller's eyes. */
  public AuthenticationRefusal(Reason reason, String message) {
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

  /** What is wrong with a request's credentials. */
  public enum Reason {
    /** It carries none. */
    MISSING,
    /** They are not of the form of Signature Version 4. */
    INCOMPLETE,
    /** They do not match what was sent, or where it was sent. */
    INVALID,
    /** Nobody has this access key. */
    UNKNOWN_KEY,
    /** They were temporary, and their time is over. */
    EXPIRED_TOKEN,
    /** The server is not set up to tell who calls. */
    UNAVAILABLE,
  }
}
