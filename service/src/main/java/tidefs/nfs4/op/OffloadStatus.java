package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** OFFLOAD_STATUS (RFC 7862 §15.9): asks how far a copy is. */
public record OffloadStatus(StateId stateId) implements Op {
  public static final int CODE = 67;

  static OffloadStatus decode(XdrReader in) throws XdrException {
    return new OffloadStatus(StateId.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
