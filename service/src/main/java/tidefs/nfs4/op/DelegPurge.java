package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** DELEGPURGE (RFC 8881 §18.5): gives up delegations that could be reclaimed. */
public record DelegPurge(long clientId) implements Op {
  public static final int CODE = 7;

  static DelegPurge decode(XdrReader in) throws XdrException {
    return new DelegPurge(in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
