package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** RENEW (RFC 7530 §16.28): renews the lease of a client; 4.0 only. */
public record Renew(long clientId) implements Op {
  public static final int CODE = 30;

  static Renew decode(XdrReader in) throws XdrException {
    return new Renew(in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
