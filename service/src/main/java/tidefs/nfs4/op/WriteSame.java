package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** WRITE_SAME (RFC 7862 §15.12). Decoded to be refused. */
public record WriteSame(StateId stateId, Stability stable) implements Op {
  public static final int CODE = 70;

  private static final int APPLICATION_BLOCK_BYTES = 5 * Long.BYTES + Integer.BYTES;

  static WriteSame decode(XdrReader in) throws XdrException {
    var call = new WriteSame(StateId.decode(in), Stability.decode(in));
    in.skip(APPLICATION_BLOCK_BYTES);
    in.skipOpaque(Limits.REFUSED_BYTES);
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
