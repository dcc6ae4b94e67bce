package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** GETATTR (RFC 8881 §18.7): reads attributes of the current file. */
public record GetAttr(Bitmap requested) implements Op {
  public static final int CODE = 9;

  static GetAttr decode(XdrReader in) throws XdrException {
    return new GetAttr(in.bitmap());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** GETATTR4resok. The source is asked for its values while it is encoded. */
  public record Ok(Bitmap requested, AttributeSource source) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      Attributes.encode(requested, source, out);
    }
  }
}
