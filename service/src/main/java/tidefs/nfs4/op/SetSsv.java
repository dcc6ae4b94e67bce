package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** SET_SSV (RFC 8881 §18.47). Decoded to be refused. */
public record SetSsv() implements Op {
  public static final int CODE = 54;

  static SetSsv decode(XdrReader in) throws XdrException {
    in.skipOpaque(Limits.REFUSED_BYTES);
    in.skipOpaque(Limits.REFUSED_BYTES);
    return new SetSsv();
  }

  @Override
  public int code() {
    return CODE;
  }
}
