package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** LAYOUTCOMMIT (RFC 8881 §18.42). Decoded to be refused. */
public record LayoutCommit(long offset, long length, boolean reclaim, StateId stateId)
    implements Op {
  public static final int CODE = 49;

  static LayoutCommit decode(XdrReader in) throws XdrException {
    var call = new LayoutCommit(in.int64(), in.int64(), in.bool(), StateId.decode(in));
    if (in.bool()) { // newoffset4
      in.skip(Long.BYTES);
    }
    if (in.bool()) { // newtime4
      in.skip(Long.BYTES + Integer.BYTES);
    }
    in.skip(Integer.BYTES);
    in.skipOpaque(Limits.REFUSED_BYTES);
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
