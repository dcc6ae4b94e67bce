package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** DEALLOCATE (RFC 7862 §15.4): makes a hole. */
public record Deallocate(StateId stateId, long offset, long length) implements SparseOp {
  public static final int CODE = 62;

  static Deallocate decode(XdrReader in) throws XdrException {
    return new Deallocate(StateId.decode(in), in.int64(), in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
