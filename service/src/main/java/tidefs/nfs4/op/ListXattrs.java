package tidefs.nfs4.op;

import java.util.List;
import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/** LISTXATTRS (RFC 8276 §8.4.3): lists extended attributes. */
public record ListXattrs(long cookie, int maxBytes) implements XattrOp {
  public static final int CODE = 74;

  static ListXattrs decode(XdrReader in) throws XdrException {
    return new ListXattrs(in.int64(), in.int32());
  }

  @Override
  public int code() {
    return CODE;
  }

  /** LISTXATTRS4resok. */
  public record Ok(long cookie, List<Opaque> names, boolean eof) implements Reply {
    @Override
    public void encodeBody(XdrWriter out) {
      out.int64(cookie);
      out.int32(names.size());
      for (Opaque name : names) {
        out.opaque(name);
      }
      out.bool(eof);
    }
  }
}
