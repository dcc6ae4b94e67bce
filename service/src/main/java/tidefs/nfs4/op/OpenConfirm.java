package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** OPEN_CONFIRM (RFC 7530 §16.18): confirms the first open of an owner; 4.0 only. */
public record OpenConfirm(StateId stateId, int seqid) implements Op {
  public static final int CODE = 20;

  static OpenConfirm decode(XdrReader in) throws XdrException {
    return new OpenConfirm(StateId.decode(in), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** OPEN_CONFIRM4resok. */
  public record Ok(StateId stateId) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      stateId.encode(out);
    }
  }
}
