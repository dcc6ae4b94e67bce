package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** WANT_DELEGATION (RFC 8881 §18.49). Decoded to be refused. */
public record WantDelegation(int want, int claimType) implements Op {
  public static final int CODE = 56;

  private static final int CLAIM_PREVIOUS = 1;
  private static final int CLAIM_FH = 4;
  private static final int CLAIM_DELEG_PREV_FH = 6;

  static WantDelegation decode(XdrReader in) throws XdrException {
    var call = new WantDelegation(in.int32(), in.int32());
    switch (call.claimType) {
      case CLAIM_PREVIOUS -> in.int32In(0, 3);
      case CLAIM_FH, CLAIM_DELEG_PREV_FH -> {}
      default -> throw new XdrException("no such claim on a delegation");
    }
    return call;
  }

  @Override
  public int code() {
    return CODE;
  }
}
