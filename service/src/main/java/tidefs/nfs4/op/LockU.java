package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * LOCKU (RFC 8881 §18.12): unlocks bytes.
 *
 * @param length bytes, unsigned; all ones for as far as files go
 */
public record LockU(LockType type, int seqid, StateId lockStateId, long offset, long length)
    implements Op {
  public static final int CODE = 14;

  static LockU decode(XdrReader in) throws XdrException {
    return new LockU(LockType.decode(in), in.int32(), StateId.decode(in), in.int64(), in.int64());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** LOCKU4res. */
  public record Ok(StateId lockStateId) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      lockStateId.encode(out);
    }
  }
}
