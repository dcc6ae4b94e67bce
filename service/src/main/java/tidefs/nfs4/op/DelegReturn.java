package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** DELEGRETURN (RFC 8881 §18.6): gives a delegation back. */
public record DelegReturn(StateId stateId) implements Op {
  public static final int CODE = 8;

  static DelegReturn decode(XdrReader in) throws XdrException {
    return new DelegReturn(StateId.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
