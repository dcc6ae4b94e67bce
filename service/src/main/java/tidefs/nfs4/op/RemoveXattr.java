package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** REMOVEXATTR (RFC 8276 §8.4.4): removes an extended attribute. */
public record RemoveXattr(Opaque name) implements XattrOp {
  public static final int CODE = 75;

  static RemoveXattr decode(XdrReader in) throws XdrException {
    return new RemoveXattr(in.bytes(Limits.NAME_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** REMOVEXATTR4resok. */
  public record Ok(ChangeInfo file) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      file.encode(out);
    }
  }
}
