package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** An nfs_lock_type4 (RFC 8881 §3.2). */
public enum LockType {
  READ(1),
  WRITE(2),
  /** READ, by a client that will ask again until it gets the lock. */
  READ_WAITING(3),
  /** WRITE, by a client that will ask again until it gets the lock. */
  WRITE_WAITING(4);

  private static final LockType[] OF_ORDINAL = values();

  private final int code;

  LockType(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /** Whether the lock excludes every other. */
  public boolean isExclusive() {
    return this == WRITE || this == WRITE_WAITING;
  }

  /** Whether the client will ask again until it gets the lock. */
  public boolean waits() {
    return this == READ_WAITING || this == WRITE_WAITING;
  }

  static LockType decode(XdrReader in) throws XdrException {
    return OF_ORDINAL[in.int32In(1, OF_ORDINAL.length) - 1];
  }
}
