package tidefs.rpc;

/** What a peer sent cannot be a record, or exceeds a limit: its connection ends. Stackless. */
final class RecordException extends Exception {
  private static final long serialVersionUID = 1;

  RecordException(String text) {
    super(text, null, false, false);
  }
}
