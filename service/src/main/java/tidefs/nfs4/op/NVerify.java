package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** NVERIFY (RFC 8881 §18.15): goes on if attributes differ; SAME if they are all equal. */
public record NVerify(ExpectedAttributes expected) implements Op {
  public static final int CODE = 17;

  static NVerify decode(XdrReader in) throws XdrException {
    return new NVerify(ExpectedAttributes.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
