package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** DESTROY_CLIENTID (RFC 8881 §18.50). */
public record DestroyClientId(long clientId) implements Op {
  public static final int CODE = 57;

  static DestroyClientId decode(XdrReader in) throws XdrException {
    return new DestroyClientId(in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
