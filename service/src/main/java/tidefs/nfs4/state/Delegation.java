package tidefs.nfs4.state;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Share;

/**
 * A client's delegation of one file (RFC 8881 §10.4): until it is returned, nobody else does what
 * the client would have to hear of.
 *
 * <pre>
 *   HELD --someone is in conflict--> RECALLED
 *   RECALLED --DELEGRETURN--> gone
 *   RECALLED --a lease's time is over, and someone is in conflict--> revoked, until FREE_STATEID
 * </pre>
 *
 * <p>Nothing waits for a return: who is in conflict is told DELAY, and it is his next attempt that
 * repeats a recall which got lost, or revokes what is overdue.
 */
public final class Delegation extends State {
  /** What it covers. */
  public enum Kind {
    /** Nobody changes the file. */
    READ,
    /** Nobody else opens the file. */
    WRITE
  }

  private final Kind kind;
  private final int opener;
  private final long changeAtGrant;

  // Guarded by this object's monitor, inside which nothing is locked.
  private boolean recalled;
  private long recalledNanos;
  private long askedNanos;
  private boolean heard;

  Delegation(Client client, FileState file, Kind kind, int opener, long changeAtGrant) {
    super(client, file);
    this.kind = kind;
    this.opener = opener;
    this.changeAtGrant = changeAtGrant;
  }

  /** What it covers. */
  public Kind kind() {
    return kind;
  }

  /** The change attribute when it was granted: the holder's grows beyond it with what he writes. */
  public long changeAtGrant() {
    return changeAtGrant;
  }

  @Override
  public int access() {
    return kind == Kind.READ ? Share.ACCESS_READ : Share.ACCESS_BOTH;
  }

  @Override
  public int opener() {
    return opener;
  }

  @Override
  public @Nullable OpenState reservation() {
    return null;
  }

  /** Whether another client's use of the file is a reason to have it back. */
  boolean conflicts(boolean changes) {
    return changes || kind == Kind.WRITE;
  }

  /** Whether its return was asked for. */
  public synchronized boolean isRecalled() {
    return recalled;
  }

  /** The return is asked for in the reply that grants it. */
  public synchronized void recalledFromTheStart(long nowNanos) {
    recalled = true;
    heard = true;
    recalledNanos = nowNanos;
  }

  /** The client has answered CB_RECALL; or it has not understood, and will be asked again. */
  public synchronized void recallAnswered(boolean understood) {
    heard = understood;
  }

  /** What is to be done for someone in conflict. */
  enum Step {
    /** Call the client. */
    ASK,
    /** Wait: it was called. */
    WAIT,
    /** Take it away: the client had its time. */
    REVOKE
  }

  synchronized Step next(long nowNanos, long patienceNanos) {
    if (!recalled) {
      recalled = true;
      recalledNanos = nowNanos;
    } else if (nowNanos - recalledNanos > patienceNanos) {
      return Step.REVOKE;
    } else if (heard || nowNanos - askedNanos < Limits.RECALL_INTERVAL.toNanos()) {
      return Step.WAIT;
    }
    askedNanos = nowNanos;
    return Step.ASK;
  }
}
