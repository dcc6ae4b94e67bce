package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** GETDEVICEINFO (RFC 8881 §18.40). Decoded to be refused. */
public record GetDeviceInfo(int layoutType, int maxBytes) implements Op {
  public static final int CODE = 47;

  static final int DEVICE_ID_BYTES = 16;

  static GetDeviceInfo decode(XdrReader in) throws XdrException {
    in.skip(DEVICE_ID_BYTES);
    var call = new GetDeviceInfo(in.int32(), in.int32());
    in.bitmap();
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
