package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** RENAME (RFC 8881 §18.26): moves an entry from the saved to the current directory. */
public record Rename(Opaque oldName, Opaque newName) implements Op {
  public static final int CODE = 29;

  static Rename decode(XdrReader in) throws XdrException {
    return new Rename(in.bytes(Limits.NAME_BYTES), in.bytes(Limits.NAME_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }

  /** RENAME4resok. */
  public record Ok(ChangeInfo source, ChangeInfo target) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      source.encode(out);
      target.encode(out);
    }
  }
}
