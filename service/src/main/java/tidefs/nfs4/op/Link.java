package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** LINK (RFC 8881 §18.9): gives the saved file one more name, in the current directory. */
public record Link(Opaque newName) implements Op {
  public static final int CODE = 11;

  static Link decode(XdrReader in) throws XdrException {
    return new Link(in.bytes(Limits.NAME_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** LINK4resok. */
  public record Ok(ChangeInfo directory) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      directory.encode(out);
    }
  }
}
