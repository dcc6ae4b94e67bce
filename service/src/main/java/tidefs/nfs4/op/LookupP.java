package tidefs.nfs4.op;

/** LOOKUPP (RFC 8881 §18.14): goes to the parent of the current directory. */
public record LookupP() implements Op {
  public static final int CODE = 16;

  static final LookupP INSTANCE = new LookupP();

  @Override
  public int code() {
    return CODE;
  }
}
