package tidefs.nfs4.op;

/** PUTROOTFH (RFC 8881 §18.21): goes to the root. */
public record PutRootFh() implements Op {
  public static final int CODE = 24;

  static final PutRootFh INSTANCE = new PutRootFh();

  @Override
  public int code() {
    return CODE;
  }
}
