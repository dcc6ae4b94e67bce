package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** SETCLIENTID_CONFIRM (RFC 7530 §16.34): confirms a client id; 4.0 only. */
public record SetClientIdConfirm(long clientId, long confirmVerifier) implements Op {
  public static final int CODE = 36;

  static SetClientIdConfirm decode(XdrReader in) throws XdrException {
    return new SetClientIdConfirm(in.int64(), in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
