package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** COPY_NOTIFY (RFC 7862 §15.3). Decoded to be refused. */
public record CopyNotify(StateId source) implements Op {
  public static final int CODE = 61;

  static CopyNotify decode(XdrReader in) throws XdrException {
    var call = new CopyNotify(StateId.decode(in));
    Copy.skipServer(in);
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
