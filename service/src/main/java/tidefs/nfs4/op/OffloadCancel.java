package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** OFFLOAD_CANCEL (RFC 7862 §15.8): ends a copy that goes on. */
public record OffloadCancel(StateId stateId) implements Op {
  public static final int CODE = 66;

  static OffloadCancel decode(XdrReader in) throws XdrException {
    return new OffloadCancel(StateId.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
