package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** A sessionid4 (RFC 8881 §3.3.15): sixteen bytes that the server chose, as two words. */
public record SessionId(long high, long low) {
  static SessionId decode(XdrReader in) throws XdrException {
    return new SessionId(in.int64(), in.int64());
  }

  void encode(XdrWriter out) {
    out.int64(high);
    out.int64(low);
  }
}
