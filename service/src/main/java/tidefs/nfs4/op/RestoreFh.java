package tidefs.nfs4.op;

/** RESTOREFH (RFC 8881 §18.27): goes back to the saved file. */
public record RestoreFh() implements Op {
  public static final int CODE = 31;

  static final RestoreFh INSTANCE = new RestoreFh();

  @Override
  public int code() {
    return CODE;
  }
}
