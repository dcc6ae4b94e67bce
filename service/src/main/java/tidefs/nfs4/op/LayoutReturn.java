package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** LAYOUTRETURN (RFC 8881 §18.44). Decoded to be refused. */
public record LayoutReturn(boolean reclaim, int layoutType, int ioMode, int returnType)
    implements Op {
  public static final int CODE = 51;

  private static final int FILE = 1;
  private static final int ALL = 3;

  static LayoutReturn decode(XdrReader in) throws XdrException {
    var call = new LayoutReturn(in.bool(), in.int32(), in.int32(), in.int32In(FILE, ALL));
    if (call.returnType == FILE) {
      in.skip(2 * Long.BYTES + StateId.BYTES);
      in.skipOpaque(Limits.REFUSED_BYTES);
    }
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
