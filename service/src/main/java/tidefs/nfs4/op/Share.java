package tidefs.nfs4.op;

/** The bits of share_access and share_deny in OPEN (RFC 8881 §18.16.1). */
public final class Share {
  public static final int ACCESS_READ = 1;
  public static final int ACCESS_WRITE = 2;
  public static final int ACCESS_BOTH = ACCESS_READ | ACCESS_WRITE;

  public static final int DENY_NONE = 0;
  public static final int DENY_READ = 1;
  public static final int DENY_WRITE = 2;
  public static final int DENY_BOTH = DENY_READ | DENY_WRITE;

  /** Where 4.1 keeps what kind of delegation the client wants; one of the WANT values below. */
  public static final int WANT_DELEGATION_MASK = 0xFF00;

  public static final int WANT_NO_PREFERENCE = 0;
  public static final int WANT_READ_DELEGATION = 0x0100;
  public static final int WANT_WRITE_DELEGATION = 0x0200;
  public static final int WANT_ANY_DELEGATION = 0x0300;
  public static final int WANT_NO_DELEGATION = 0x0400;
  public static final int WANT_CANCEL = 0x0500;
  public static final int WANT_SIGNAL_WHEN_AVAILABLE = 0x10000;
  public static final int WANT_PUSH_WHEN_UNCONTENDED = 0x20000;

  /** Every bit that share_access may have in 4.1. */
  public static final int ACCESS_MASK_41 =
      ACCESS_BOTH | WANT_DELEGATION_MASK | WANT_SIGNAL_WHEN_AVAILABLE | WANT_PUSH_WHEN_UNCONTENDED;

  /** Wants to keep the times of a file while it holds a write delegation (RFC 9754 §5.2). */
  public static final int WANT_DELEGATION_TIMESTAMPS = 0x100000;

  /** Would do without an open stateid if it is given a delegation (RFC 9754 §4.1). */
  public static final int WANT_OPEN_XOR_DELEGATION = 0x200000;

  /** Every bit that share_access may have in 4.2; the last two are wishes, and not granted. */
  public static final int ACCESS_MASK_42 =
      ACCESS_MASK_41 | WANT_DELEGATION_TIMESTAMPS | WANT_OPEN_XOR_DELEGATION;

  /** The bits that share_access may have in a minor version. */
  public static int mask(int minorVersion) {
    return switch (minorVersion) {
      case 0 -> ACCESS_BOTH;
      case 1 -> ACCESS_MASK_41;
      default -> ACCESS_MASK_42;
    };
  }

  /** The highest value of the WANT mask. */
  public static final int MOST_WANTED = WANT_CANCEL;

  private Share() {}
}
