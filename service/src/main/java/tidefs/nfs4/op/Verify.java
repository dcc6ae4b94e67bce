package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** VERIFY (RFC 8881 §18.31): goes on if attributes are all equal; else NOT_SAME. */
public record Verify(ExpectedAttributes expected) implements Op {
  public static final int CODE = 37;

  static Verify decode(XdrReader in) throws XdrException {
    return new Verify(ExpectedAttributes.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
