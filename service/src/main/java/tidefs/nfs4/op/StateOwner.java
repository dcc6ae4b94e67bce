package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * A state_owner4 (RFC 8881 §3.3.10): who opens or locks, within a client.
 *
 * @param clientId the client; in 4.1 the session says it, and this is to be ignored
 * @param owner the bytes that the client chose for this owner
 */
public record StateOwner(long clientId, Opaque owner) {
  static StateOwner decode(XdrReader in) throws XdrException {
    return new StateOwner(in.int64(), in.bytes(Limits.OPAQUE_BYTES));
  }

  void encode(XdrWriter out) {
    out.int64(clientId);
    out.opaque(owner);
  }
}
