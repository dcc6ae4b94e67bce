package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** IO_ADVISE (RFC 7862 §15.5): says how bytes will be used. */
public record IoAdvise(StateId stateId, long offset, long count, Bitmap hints) implements SparseOp {
  public static final int CODE = 63;

  static IoAdvise decode(XdrReader in) throws XdrException {
    return new IoAdvise(StateId.decode(in), in.int64(), in.int64(), in.bitmap());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** IO_ADVISE4resok: the hints that are followed. */
  public record Ok(Bitmap hints) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.bitmap(hints);
    }
  }
}
