package tidefs.iam.web;

/** Why a token is not believed. An answer, not a fault: it has no stack. */
public final class TokenRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  TokenRefusal(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** What kind of refusal. */
  public enum Reason {
    /** It is no token, or no known issuer's. */
    INVALID,
    /** It was one once. */
    EXPIRED,
    /** Its issuer's keys cannot be had just now. */
    NO_KEYS
  }

  /** What kind of refusal. */
  public Reason reason() {
    return reason;
  }

  /** The message for the caller. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
