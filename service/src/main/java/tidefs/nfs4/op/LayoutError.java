package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** LAYOUTERROR (RFC 7862 §15.6). Decoded to be refused. */
public record LayoutError(long offset, long length, StateId stateId) implements Op {
  public static final int CODE = 64;

  private static final int DEVICE_ERROR_BYTES = GetDeviceInfo.DEVICE_ID_BYTES + 2 * Integer.BYTES;

  static LayoutError decode(XdrReader in) throws XdrException {
    var call = new LayoutError(in.int64(), in.int64(), StateId.decode(in));
    in.skip(in.count(Limits.REFUSED_ELEMENTS, DEVICE_ERROR_BYTES) * DEVICE_ERROR_BYTES);
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
