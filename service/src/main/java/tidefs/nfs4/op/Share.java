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

  /** The highest value of the WANT mask. */
  public static final int MOST_WANTED = WANT_CANCEL;

  private Share() {}
}
