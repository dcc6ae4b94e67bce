package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** CLOSE (RFC 8881 §18.2): ends an open. */
public record Close(int seqid, StateId stateId) implements Op {
  public static final int CODE = 4;

  static Close decode(XdrReader in) throws XdrException {
    return new Close(in.int32(), StateId.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** CLOSE4res, with a state id that means nothing any more. */
  public record Ok(StateId stateId) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      stateId.encode(out);
    }
  }
}
