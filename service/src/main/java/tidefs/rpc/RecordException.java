package tidefs.rpc;

/** What a peer sent cannot be a record, or exceeds a limit: its connection ends. Stackless. */
final class RecordException extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  RecordException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  /** The constant text that says why. */
  String reason() {
    return reason;
  }
}
