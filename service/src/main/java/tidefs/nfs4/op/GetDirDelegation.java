package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** GET_DIR_DELEGATION (RFC 8881 §18.39). Decoded to be refused. */
public record GetDirDelegation(boolean signalWhenAvailable) implements Op {
  public static final int CODE = 46;

  private static final int TIME_BYTES = Long.BYTES + Integer.BYTES;

  static GetDirDelegation decode(XdrReader in) throws XdrException {
    boolean signal = in.bool();
    in.bitmap();
    in.skip(2 * TIME_BYTES);
    in.bitmap();
    in.bitmap();
    return new GetDirDelegation(signal);
  }

  @Override
  public int code() {
    return CODE;
  }
}
