package tidefs.nfs4.op;

import tidefs.xdr.XdrWriter;

/**
 * A change_info4 (RFC 8881 §3.3.3): the change attribute of a directory around an operation on it.
 *
 * @param atomic whether nothing else can have changed the directory in between
 */
public record ChangeInfo(boolean atomic, long before, long after) {
  void encode(XdrWriter out) {
    out.bool(atomic);
    out.int64(before);
    out.int64(after);
  }
}
