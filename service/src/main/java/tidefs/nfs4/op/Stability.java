package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * A stable_how4 (RFC 8881 §18.32): how safe written data must be, or is, when WRITE is answered.
 */
public enum Stability {
  /** Lost in a crash unless COMMIT follows. */
  UNSTABLE(0),
  /** The data and what is needed to find it are on stable storage. */
  DATA_SYNC(1),
  /** The data and all metadata are on stable storage. */
  FILE_SYNC(2);

  private static final Stability[] OF_CODE = values();

  private final int code;

  Stability(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  static Stability decode(XdrReader in) throws XdrException {
    return OF_CODE[in.int32In(0, OF_CODE.length - 1)];
  }
}
