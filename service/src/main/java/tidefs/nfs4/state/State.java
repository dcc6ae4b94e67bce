package tidefs.nfs4.state;

import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;

/** What a stateid stands for: one owner's open of a file, or one owner's locks on it. */
public abstract sealed class State permits OpenState, LockState {
  private final Owner owner;
  private final FileState file;

  private long other;
  private int nonce;
  private volatile int seqid = 1;
  private volatile boolean gone;

  State(Owner owner, FileState file) {
    this.owner = owner;
    this.file = file;
  }

  /** Who holds it. */
  public final Owner owner() {
    return owner;
  }

  /** Whose lease keeps it. */
  public final Client client() {
    return owner.client();
  }

  /** The file it is about. */
  public final FileState file() {
    return file;
  }

  /** The stateid now. */
  public final StateId id() {
    return new StateId(seqid, other, nonce);
  }

  /** Whether it was closed or revoked; only a 4.0 replay may still find it. */
  public final boolean isGone() {
    return gone;
  }

  /** The open that gives this state its right to read and write. */
  public abstract OpenState open();

  final long other() {
    return other;
  }

  final int nonce() {
    return nonce;
  }

  final void identify(long newOther, int newNonce) {
    other = newOther;
    nonce = newNonce;
  }

  /** The state changed: its stateid's sequence number goes up, past 0. Under the file's monitor. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  final void bump() {
    int next = seqid + 1;
    seqid = next == 0 ? 1 : next;
  }

  final void markGone() {
    gone = true;
  }

  /**
   * Checks a stateid's sequence number (RFC 8881 §8.2.2): 0 stands for the newest in 4.1.
   *
   * @throws Refused OLD_STATEID, or BAD_STATEID for one from the future
   */
  final void checkSeqid(int given, boolean zeroIsNewest) throws Refused {
    int difference = given - seqid;
    if (difference == 0 || (given == 0 && zeroIsNewest)) {
      return;
    }
    throw new Refused(difference < 0 ? Status.OLD_STATEID : Status.BAD_STATEID);
  }
}
