package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** DESTROY_SESSION (RFC 8881 §18.37). */
public record DestroySession(SessionId session) implements Op {
  public static final int CODE = 44;

  static DestroySession decode(XdrReader in) throws XdrException {
    return new DestroySession(SessionId.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
