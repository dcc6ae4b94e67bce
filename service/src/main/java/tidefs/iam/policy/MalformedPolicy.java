package tidefs.iam.policy;

/** A text that is no policy. An answer, not a fault: it has no stack. */
public final class MalformedPolicy extends Exception {
  private static final long serialVersionUID = 1;

  /** A refusal whose message is for the caller's eyes. */
  public MalformedPolicy(String message) {
    super(message, null, false, false);
  }

  /** The message for the caller. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
