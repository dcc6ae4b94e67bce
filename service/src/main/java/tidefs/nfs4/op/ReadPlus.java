package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** READ_PLUS (RFC 7862 §15.10): reads, with holes told as holes. */
public record ReadPlus(StateId stateId, long offset, int count) implements Op {
  public static final int CODE = 68;

  static ReadPlus decode(XdrReader in) throws XdrException {
    return new ReadPlus(StateId.decode(in), in.int64(), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }
}
