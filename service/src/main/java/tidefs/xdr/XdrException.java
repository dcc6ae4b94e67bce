package tidefs.xdr;

/**
 * The bytes received are no valid encoding: they end too early, a length exceeds its limit, a
 * discriminant is unknown. Answered as GARBAGE_ARGS (RFC 5531) or NFS4ERR_BADXDR (RFC 8881 §15.1).
 *
 * <p>Stackless: peers choose how often it is thrown.
 */
public final class XdrException extends Exception {
  private static final long serialVersionUID = 1;

  /** Refuses an encoding for the reason that the constant {@code text} tells. */
  public XdrException(String text) {
    super(text, null, false, false);
  }
}
