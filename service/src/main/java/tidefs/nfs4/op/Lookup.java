package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** LOOKUP (RFC 8881 §18.13): goes to an entry of the current directory. */
public record Lookup(Opaque name) implements Op {
  public static final int CODE = 15;

  static Lookup decode(XdrReader in) throws XdrException {
    return new Lookup(in.bytes(Limits.NAME_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }
}
