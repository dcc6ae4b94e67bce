package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** RELEASE_LOCKOWNER (RFC 7530 §16.37): forgets an owner of locks; 4.0 only. */
public record ReleaseLockOwner(StateOwner owner) implements Op {
  public static final int CODE = 39;

  static ReleaseLockOwner decode(XdrReader in) throws XdrException {
    return new ReleaseLockOwner(StateOwner.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
