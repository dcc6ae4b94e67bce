package tidefs.iam.connect;

/** Why a client is not let in. An answer, not a fault: it has no stack. */
public final class ConnectRefusal extends Exception {
  private static final long serialVersionUID = 1;

  /** A refusal with a constant text for the log; clients are not told it. */
  public ConnectRefusal(String message) {
    super(message, null, false, false);
  }

  /** The text for the log. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
