package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * FREE_STATEID (RFC 8881 §18.38): forgets a state that was revoked, or a lock state without locks.
 */
public record FreeStateId(StateId stateId) implements Op {
  public static final int CODE = 45;

  static FreeStateId decode(XdrReader in) throws XdrException {
    return new FreeStateId(StateId.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
