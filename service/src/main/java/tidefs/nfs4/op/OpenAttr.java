package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** OPENATTR (RFC 8881 §18.17): goes to the directory of named attributes. */
public record OpenAttr(boolean create) implements Op {
  public static final int CODE = 19;

  static OpenAttr decode(XdrReader in) throws XdrException {
    return new OpenAttr(in.bool());
  }

  @Override
  public int code() {
    return CODE;
  }
}
