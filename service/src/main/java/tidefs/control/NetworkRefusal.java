package tidefs.control;

/** A refusal of a call on the network or on keys, with the code that EC2 or KMS has for it. */
public final class NetworkRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final String code;

  /** A refusal whose message is for the caller's eyes; it has no stack. */
  public NetworkRefusal(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The code, as clients match it. */
  public String code() {
    return code;
  }

  /** The message for the caller. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
