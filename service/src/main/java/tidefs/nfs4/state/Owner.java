package tidefs.nfs4.state;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Status;
import tidefs.xdr.Opaque;

/**
 * Who opens or locks within a client: an open-owner or a lock-owner. In 4.0 its requests carry a
 * sequence number of their own, and the reply to the last is kept (RFC 7530 §9.1.7); in 4.1 the
 * session does that and the second half of this class is idle.
 */
public final class Owner {
  private final Client client;
  private final Opaque name;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** 4.0: OPEN_CONFIRM was seen. Lock-owners need none. */
  private volatile boolean confirmed;

  private boolean fresh = true;
  private int seqid;
  private byte @Nullable [] reply;
  private @Nullable FileHandle replyFile;
  private @Nullable OpenState closed;

  /** States of this owner that are in force, for RELEASE_LOCKOWNER and disposal. */
  private int states;

  Owner(Client client, Opaque name) {
    this.client = client;
    this.name = name;
  }

  /** The client it belongs to. */
  public Client client() {
    return client;
  }

  /** The bytes by which the client knows it. */
  public Opaque name() {
    return name;
  }

  /** Whether an open-owner of 4.0 was confirmed. */
  public boolean isConfirmed() {
    return confirmed;
  }

  /** OPEN_CONFIRM was seen, or is not needed. */
  public void confirm() {
    confirmed = true;
  }

  /** Whether a request carrying {@code next} repeats the last one; else it is a new one. */
  public enum Turn {
    /** Perform it, then {@link #end}. */
    NEW,
    /** Answer {@link #reply} again, then {@link #pass}. */
    REPLAY
  }

  /**
   * Begins a 4.0 request of this owner; {@link #end} or {@link #pass} ends it.
   *
   * @throws Refused BAD_SEQID, or DELAY while another request of the owner is under way
   */
  public Turn begin(int next) throws Refused {
    if (!busy.compareAndSet(false, true)) {
      throw new Refused(Status.DELAY);
    }
    if (fresh || next == successor(seqid)) {
      return Turn.NEW;
    }
    if (next == seqid && reply != null) {
      return Turn.REPLAY;
    }
    busy.set(false);
    throw new Refused(Status.BAD_SEQID);
  }

  /** An unconfirmed open-owner may begin again with any number (RFC 7530 §16.18.5). */
  public void beginAfresh() throws Refused {
    if (!busy.compareAndSet(false, true)) {
      throw new Refused(Status.DELAY);
    }
    fresh = true;
  }

  /** Whether {@code next} is the number of the last request, whose result is kept. */
  public boolean isRepetition(int next) {
    return !fresh && next == seqid && reply != null;
  }

  /** BAD_SEQID unless {@code next} follows the last number. */
  public void checkNext(int next) throws Refused {
    if (!fresh && next != successor(seqid)) {
      throw new Refused(Status.BAD_SEQID);
    }
  }

  /** A lock-owner begins at this number, under its open-owner's turn. */
  public void startAt(int first) {
    fresh = false;
    seqid = first;
    reply = null;
    replyFile = null;
  }

  /** Ends a request without counting it. */
  public void pass() {
    busy.set(false);
  }

  /**
   * Ends a request that counts: its number is used up, and its result is kept.
   *
   * @param result the encoded result, from the status on
   * @param current the current file handle it left
   */
  public void end(int used, byte[] result, @Nullable FileHandle current) {
    fresh = false;
    seqid = used;
    reply = result;
    replyFile = current;
    busy.set(false);
  }

  /** The kept result. */
  public byte @Nullable [] reply() {
    return reply;
  }

  /** The current file handle that went with the kept result. */
  public @Nullable FileHandle replyFile() {
    return replyFile;
  }

  /** A closed state is kept until the owner's next request, so that a repeated CLOSE finds it. */
  void keepClosed(StateTable table, @Nullable OpenState state) {
    OpenState before = closed;
    closed = state;
    if (before != null) {
      table.remove(before);
    }
  }

  /** Forgets a closed state that only a replay could want. */
  public void forgetClosed() {
    keepClosed(client.domain().states(), null);
  }

  /** One more state in force. */
  synchronized void stateAdded() {
    states++;
  }

  /** One state less in force. */
  synchronized void stateRemoved() {
    states--;
  }

  /** Whether any state is in force. */
  public synchronized boolean holdsState() {
    return states > 0;
  }

  /** Sequence numbers wrap to 1 in some clients and to 0 in others; Linux wraps to 0. */
  private static int successor(int number) {
    return number + 1;
  }
}
