package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * A channel_attrs4 (RFC 8881 §18.36): the limits of one direction of a session; all unsigned. RDMA
 * is read past and never offered.
 *
 * @param maxRequestBytes a whole RPC call, header and all
 * @param maxResponseBytes a whole RPC reply, header and all
 * @param maxCachedResponseBytes a reply that the slot keeps
 * @param maxOperations operations of one COMPOUND
 * @param maxRequests slots
 */
public record ChannelAttributes(
    int headerPadBytes,
    int maxRequestBytes,
    int maxResponseBytes,
    int maxCachedResponseBytes,
    int maxOperations,
    int maxRequests) {
  static ChannelAttributes decode(XdrReader in) throws XdrException {
    var attributes =
        new ChannelAttributes(
            in.int32(), in.int32(), in.int32(), in.int32(), in.int32(), in.int32());
    in.skip(in.count(1, Integer.BYTES) * Integer.BYTES);
    return attributes;
  }

  void encode(XdrWriter out) {
    out.int32(headerPadBytes);
    out.int32(maxRequestBytes);
    out.int32(maxResponseBytes);
    out.int32(maxCachedResponseBytes);
    out.int32(maxOperations);
    out.int32(maxRequests);
    out.int32(0);
  }
}
