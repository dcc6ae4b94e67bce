package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** GETDEVICELIST (RFC 8881 §18.41). Decoded to be refused. */
public record GetDeviceList(int layoutType, int maxDevices, long cookie, long cookieVerifier)
    implements Op {
  public static final int CODE = 48;

  static GetDeviceList decode(XdrReader in) throws XdrException {
    return new GetDeviceList(in.int32(), in.int32(), in.int64(), in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }
}
