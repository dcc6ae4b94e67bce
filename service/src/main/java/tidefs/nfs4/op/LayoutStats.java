package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** LAYOUTSTATS (RFC 7862 §15.7). Decoded to be refused. */
public record LayoutStats(long offset, long length, StateId stateId) implements Op {
  public static final int CODE = 65;

  static LayoutStats decode(XdrReader in) throws XdrException {
    var call = new LayoutStats(in.int64(), in.int64(), StateId.decode(in));
    in.skip(4 * Long.BYTES + GetDeviceInfo.DEVICE_ID_BYTES + Integer.BYTES);
    in.skipOpaque(Limits.REFUSED_BYTES);
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
