package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** CLONE (RFC 7862 §15.13): gives the current file bytes of the saved one, at once. */
public record Clone(
    StateId source, StateId target, long sourceOffset, long targetOffset, long count)
    implements Op {
  public static final int CODE = 71;

  static Clone decode(XdrReader in) throws XdrException {
    return new Clone(StateId.decode(in), StateId.decode(in), in.int64(), in.int64(), in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
