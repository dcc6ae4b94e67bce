package tidefs.nfs4.op;

/**
 * An operation that the minor version does not have (RFC 8881 §15.2): the result is numbered
 * ILLEGAL and its status is OP_ILLEGAL.
 *
 * @param requested the number that the client sent
 */
public record Illegal(int requested) implements Op {
  /** The number of the result. */
  public static final int CODE = 10044;

  @Override
  public int code() {
    return CODE;
  }
}
