package tidefs.nfs4.state;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;

/** What a stateid stands for: something of a client's about one file. */
public abstract sealed class State permits OwnedState, Delegation {
  private final Client client;
  private final FileState file;

  private long other;
  private int nonce;
  private volatile int seqid = 1;
  private volatile boolean gone;

  State(Client client, FileState file) {
    this.client = client;
    this.file = file;
  }

  /** Whose lease keeps it. */
  public final Client client() {
    return client;
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

  /** The bits of share_access that READ and WRITE may use it for. */
  public abstract int access();

  /** The user who was given it last: others who use it need permission of their own. */
  public abstract int opener();

  /** The open by whose share reservations it may read and write; a delegation has none. */
  public abstract @Nullable OpenState reservation();

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
