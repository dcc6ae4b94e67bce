package tidefs.store.crypt;

/** A key cannot be used; the message says why, for the operator. */
public final class KeyRefused extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong with the key. */
  public enum Reason {
    /** There is no such key, or no longer. */
    ABSENT,
    /** It is disabled, or about to be deleted. */
    UNUSABLE,
    /** What was wrapped was wrapped by another key, for another file system, or was changed. */
    WRONG,
    /** The service that holds it does not answer. */
    UNREACHABLE
  }

  private final Reason reason;

  /** A refusal. */
  public KeyRefused(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /** What is wrong. */
  public Reason reason() {
    return reason;
  }
}
