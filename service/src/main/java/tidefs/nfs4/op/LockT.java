package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * LOCKT (RFC 8881 §18.11): asks whether a lock would be granted; OK or {@link LockDenied}.
 *
 * @param length bytes, unsigned; all ones for as far as files go
 */
public record LockT(LockType type, long offset, long length, StateOwner owner) implements Op {
  public static final int CODE = 13;

  static LockT decode(XdrReader in) throws XdrException {
    return new LockT(LockType.decode(in), in.int64(), in.int64(), StateOwner.decode(in));
  }

  @Override
  public int code() {
    return CODE;
  }
}
