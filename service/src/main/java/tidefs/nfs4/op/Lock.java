package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * LOCK (RFC 8881 §18.10): locks bytes of the current file.
 *
 * @param length bytes, unsigned; all ones for as far as files go
 */
public record Lock(LockType type, boolean reclaim, long offset, long length, Locker locker)
    implements Op {
  public static final int CODE = 12;

  /** A locker4: on whose behalf. */
  public sealed interface Locker {}

  /** The first lock of this owner on this file: an open_to_lock_owner4. */
  public record NewOwner(int openSeqid, StateId openStateId, int lockSeqid, StateOwner owner)
      implements Locker {}

  /** An owner that has locked the file before: an exist_lock_owner4. */
  public record ExistingOwner(StateId lockStateId, int lockSeqid) implements Locker {}

  static Lock decode(XdrReader in) throws XdrException {
    return new Lock(LockType.decode(in), in.bool(), in.int64(), in.int64(), decodeLocker(in));
  }

  private static Locker decodeLocker(XdrReader in) throws XdrException {
    return in.bool()
        ? new NewOwner(in.int32(), StateId.decode(in), in.int32(), StateOwner.decode(in))
        : new ExistingOwner(StateId.decode(in), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** LOCK4resok. The other result with a body is {@link LockDenied}. */
  public record Ok(StateId lockStateId) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      lockStateId.encode(out);
    }
  }
}
