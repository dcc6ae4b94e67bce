package tidefs.metrics.query;

/** A question that cannot be answered, and why; for whoever asked. It has no stack. */
public final class QueryException extends Exception {
  private static final long serialVersionUID = 1;

  /** A refusal with its reason. */
  public QueryException(String message) {
    super(message, null, false, false);
  }

  /** Why. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
