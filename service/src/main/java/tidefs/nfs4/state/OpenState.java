package tidefs.nfs4.state;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import tidefs.nfs4.op.Share;

/** One open-owner's open of one file (RFC 8881 §9.7): the union of its OPENs. */
public final class OpenState extends OwnedState {
  private volatile int access;
  private volatile int deny;
  private volatile int opener;

  /** Bit n: an OPEN with share_access n is in effect. */
  private int accessSeen;

  /** Bit n: an OPEN with share_deny n is in effect. */
  private int denySeen;

  private volatile boolean confirmed;
  private final AtomicBoolean adopted = new AtomicBoolean();
  private final List<LockState> locks = new ArrayList<>(1);

  OpenState(Owner owner, FileState file) {
    super(owner, file);
  }

  @Override
  public OpenState open() {
    return this;
  }

  /** The union of the share_access bits of its OPENs. */
  @Override
  public int access() {
    return access;
  }

  /** The union of the share_deny bits of its OPENs. */
  public int deny() {
    return deny;
  }

  @Override
  public int opener() {
    return opener;
  }

  /** A user opened it. */
  public void opener(int uid) {
    opener = uid;
  }

  /** Whether it may be used: always in 4.1, after OPEN_CONFIRM in 4.0. */
  public boolean isConfirmed() {
    return confirmed;
  }

  /** It may be used. */
  public void confirm() {
    confirmed = true;
  }

  /** True once: for the OPEN that made it, whose use of the file is now this state's. */
  boolean adopt() {
    return adopted.compareAndSet(false, true);
  }

  /** Adds an OPEN to the union. Under the file's monitor. */
  void add(int moreAccess, int moreDeny) {
    access |= moreAccess;
    deny |= moreDeny;
    accessSeen |= 1 << moreAccess;
    denySeen |= 1 << moreDeny;
  }

  /** Whether a subset of its OPENs has exactly these unions. Under the file's monitor. */
  boolean isUnion(int lessAccess, int lessDeny) {
    return unionOf(accessSeen, lessAccess) && unionOf(denySeen, lessDeny);
  }

  /** Reduces the union. Under the file's monitor. */
  void reduce(int lessAccess, int lessDeny) {
    access = lessAccess;
    deny = lessDeny;
    accessSeen = within(accessSeen, lessAccess);
    denySeen = within(denySeen, lessDeny);
  }

  /** The lock states that stand on this open. Under the file's monitor. */
  List<LockState> locks() {
    return locks;
  }

  private static boolean unionOf(int seen, int bits) {
    int union = 0;
    for (int value = 0; value <= Share.ACCESS_BOTH; value++) {
      if ((seen & (1 << value)) != 0 && (value & ~bits) == 0) {
        union |= value;
      }
    }
    return union == bits;
  }

  private static int within(int seen, int bits) {
    int kept = 1 << bits;
    for (int value = 0; value <= Share.ACCESS_BOTH; value++) {
      if ((value & ~bits) == 0) {
        kept |= seen & (1 << value);
      }
    }
    return kept;
  }
}
