package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * COMMIT (RFC 8881 §18.3): makes unstable writes safe.
 *
 * @param count bytes from {@code offset} on, unsigned; 0 for all that follow
 */
public record Commit(long offset, int count) implements Op {
  public static final int CODE = 5;

  static Commit decode(XdrReader in) throws XdrException {
    return new Commit(in.int64(), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** COMMIT4resok, with the verifier that changes whenever unstable writes may have been lost. */
  public record Ok(long verifier) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int64(verifier);
    }
  }
}
