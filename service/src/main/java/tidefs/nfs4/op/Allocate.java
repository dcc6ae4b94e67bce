package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** ALLOCATE (RFC 7862 §15.1): reserves space. */
public record Allocate(StateId stateId, long offset, long length) implements SparseOp {
  public static final int CODE = 59;

  static Allocate decode(XdrReader in) throws XdrException {
    return new Allocate(StateId.decode(in), in.int64(), in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
