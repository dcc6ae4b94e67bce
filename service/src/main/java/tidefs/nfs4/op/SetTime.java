package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * A settime4 (RFC 8881 §3.3.2), or none.
 *
 * @param seconds seconds since 1970; 0 unless the client says the time
 * @param nanos nanoseconds within the second; 0 unless the client says the time
 */
public record SetTime(How how, long seconds, int nanos) {
  /** What is to become of the time. */
  public enum How {
    /** It stays. */
    UNCHANGED,
    /** It becomes the time of the server. */
    TO_SERVER_TIME,
    /** It becomes the time that the client says. */
    TO_CLIENT_TIME
  }

  /** The time stays. */
  public static final SetTime UNCHANGED = new SetTime(How.UNCHANGED, 0, 0);

  /** The time becomes that of the server. */
  public static final SetTime TO_SERVER_TIME = new SetTime(How.TO_SERVER_TIME, 0, 0);

  private static final int NANOS_PER_SECOND = 1_000_000_000;

  static SetTime decode(XdrReader in) throws XdrException {
    return in.int32In(0, 1) == 0
        ? TO_SERVER_TIME
        : new SetTime(How.TO_CLIENT_TIME, in.int64(), in.int32());
  }

  boolean isValid() {
    return nanos >= 0 && nanos < NANOS_PER_SECOND;
  }
}
