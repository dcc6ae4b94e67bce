package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** SEEK (RFC 7862 §15.11): finds the next data or hole. */
public record Seek(StateId stateId, long offset, int what) implements SparseOp {
  public static final int CODE = 69;

  /** Looks for data. */
  public static final int DATA = 0;

  /** Looks for a hole. */
  public static final int HOLE = 1;

  static Seek decode(XdrReader in) throws XdrException {
    return new Seek(StateId.decode(in), in.int64(), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** SEEK4resok. */
  public record Ok(boolean eof, long offset) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.bool(eof);
      out.int64(offset);
    }
  }
}
