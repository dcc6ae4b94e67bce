package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrWriter;

/** READLINK (RFC 8881 §18.24): reads the text of a symbolic link. */
public record ReadLink() implements Op {
  public static final int CODE = 27;

  static final ReadLink INSTANCE = new ReadLink();

  @Override
  public int code() {
    return CODE;
  }

  /** READLINK4resok. */
  public record Ok(Opaque linkText) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.opaque(linkText);
    }
  }
}
