package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** REMOVE (RFC 8881 §18.25): removes an entry of the current directory. */
public record Remove(Opaque name) implements Op {
  public static final int CODE = 28;

  static Remove decode(XdrReader in) throws XdrException {
    return new Remove(in.bytes(Limits.NAME_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** REMOVE4resok. */
  public record Ok(ChangeInfo directory) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      directory.encode(out);
    }
  }
}
