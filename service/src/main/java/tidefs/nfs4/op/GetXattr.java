package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** GETXATTR (RFC 8276 §8.4.1): reads an extended attribute. */
public record GetXattr(Opaque name) implements XattrOp {
  public static final int CODE = 72;

  static GetXattr decode(XdrReader in) throws XdrException {
    return new GetXattr(in.bytes(Limits.NAME_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** GETXATTR4resok. */
  public record Ok(Opaque value) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.opaque(value);
    }
  }
}
