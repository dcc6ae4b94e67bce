package tidefs.nfs4.op;

import tidefs.xdr.XdrWriter;

/**
 * LOCK4denied (RFC 8881 §18.10): the reply to LOCK and LOCKT that names a lock in the way.
 *
 * @param length bytes, unsigned; all ones for as far as files go
 */
public record LockDenied(long offset, long length, LockType type, StateOwner owner)
    implements Reply {
  @Override
  public Status status() {
    return Status.DENIED;
  }

  @Override
  public void encodeBody(XdrWriter out) {
    out.int64(offset);
    out.int64(length);
    out.int32(type.code());
    owner.encode(out);
  }
}
