package tidefs.nfs4.op;

import java.util.List;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * An nfs_impl_id4 (RFC 8881 §3.3.21): what software this is. For logs, never for decisions.
 *
 * @param seconds when it was built: seconds since 1970
 */
public record ImplementationId(Opaque domain, Opaque name, long seconds, int nanos) {
  static List<ImplementationId> decodeUpToOne(XdrReader in) throws XdrException {
    if (in.count(1, Integer.BYTES) == 0) {
      return List.of();
    }
    return List.of(
        new ImplementationId(
            in.bytes(Limits.NAME_BYTES), in.bytes(Limits.NAME_BYTES), in.int64(), in.int32()));
  }

  void encode(XdrWriter out) {
    out.opaque(domain);
    out.opaque(name);
    out.int64(seconds);
    out.int32(nanos);
  }
}
