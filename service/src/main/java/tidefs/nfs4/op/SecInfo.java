package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** SECINFO (RFC 8881 §18.29): asks for the security of an entry; {@link SecurityFlavors}. */
public record SecInfo(Opaque name) implements Op {
  public static final int CODE = 33;

  static SecInfo decode(XdrReader in) throws XdrException {
    return new SecInfo(in.bytes(Limits.NAME_BYTES));
  }

  @Override
  public int code() {
    return CODE;
  }
}
