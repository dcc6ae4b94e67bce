package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** OPEN_DOWNGRADE (RFC 8881 §18.18): gives up some of the access of an open. */
public record OpenDowngrade(StateId stateId, int seqid, int shareAccess, int shareDeny)
    implements Op {
  public static final int CODE = 21;

  static OpenDowngrade decode(XdrReader in) throws XdrException {
    return new OpenDowngrade(StateId.decode(in), in.int32(), in.int32(), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** OPEN_DOWNGRADE4resok. */
  public record Ok(StateId stateId) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      stateId.encode(out);
    }
  }
}
