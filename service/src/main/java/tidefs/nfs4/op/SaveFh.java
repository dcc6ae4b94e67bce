package tidefs.nfs4.op;

/** SAVEFH (RFC 8881 §18.28): saves the current file. */
public record SaveFh() implements Op {
  public static final int CODE = 32;

  static final SaveFh INSTANCE = new SaveFh();

  @Override
  public int code() {
    return CODE;
  }
}
