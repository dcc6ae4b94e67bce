package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * SECINFO_NO_NAME (RFC 8881 §18.45): asks for the security of the current file, or of its parent;
 * {@link SecurityFlavors}.
 */
public record SecInfoNoName(boolean ofParent) implements Op {
  public static final int CODE = 52;

  static SecInfoNoName decode(XdrReader in) throws XdrException {
    return new SecInfoNoName(in.int32In(0, 1) == 1);
  }

  @Override
  public int code() {
    return CODE;
  }
}
