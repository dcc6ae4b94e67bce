package tidefs.nfs4.op;

/** PUTPUBFH (RFC 8881 §18.20): goes to the public file handle. */
public record PutPubFh() implements Op {
  public static final int CODE = 23;

  static final PutPubFh INSTANCE = new PutPubFh();

  @Override
  public int code() {
    return CODE;
  }
}
