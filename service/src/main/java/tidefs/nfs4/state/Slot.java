package tidefs.nfs4.state;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Status;

/**
 * One slot of a session (RFC 8881 §2.10.6): the sequence number last used and the reply to it. Its
 * state is one word, changed by compare-and-set: the sequence number, and whether a request is
 * under way. The reply belongs to whoever set the busy bit.
 */
public final class Slot {
  private static final long BUSY = 1L << Integer.SIZE;
  private static final long SEQID = 0xffff_ffffL;

  private final AtomicLong word = new AtomicLong();

  /** The reply to the last request, without its RPC header; null if it was not to be kept. */
  private byte @Nullable [] reply;

  private int replyBytes;

  /** A checksum of the last request, to tell a retry from another request by the same number. */
  private int fingerprint;

  /** What a request on the slot is. */
  public enum Kind {
    /** A new one: perform it, then {@link Slot#end}. */
    NEW,
    /** The last one again: {@link Slot#replay} it, then {@link Slot#end()}. */
    REPLAY
  }

  /**
   * Begins a request; the slot is busy until {@link #end}.
   *
   * @param seqid the request's sequence number
   * @param print a checksum of the request
   * @throws Refused DELAY if the slot is busy with the same request, SEQ_MISORDERED,
   *     SEQ_FALSE_RETRY
   */
  public Kind begin(int seqid, int print) throws Refused {
    long now = word.get();
    int last = (int) now;
    if ((now & BUSY) != 0) {
      throw new Refused(seqid == last ? Status.DELAY : Status.SEQ_MISORDERED);
    }
    if (seqid == last + 1) {
      enter(now, BUSY | (seqid & SEQID));
      fingerprint = print;
      return Kind.NEW;
    }
    if (seqid != last || replyBytes == 0) {
      throw new Refused(Status.SEQ_MISORDERED);
    }
    enter(now, BUSY | now);
    if (fingerprint != print) {
      end();
      throw new Refused(Status.SEQ_FALSE_RETRY);
    }
    return Kind.REPLAY;
  }

  private void enter(long now, long next) throws Refused {
    if (!word.compareAndSet(now, next)) {
      throw new Refused(Status.DELAY);
    }
  }

  /** Keeps room for a reply of {@code bytes} to the request under way; the caller fills it. */
  public byte[] keep(int bytes) {
    byte[] room = reply;
    if (room == null || room.length < bytes || room.length > 4 * bytes + 1024) {
      room = new byte[bytes];
      reply = room;
    }
    replyBytes = bytes;
    return room;
  }

  /** The reply to the request under way is not kept: a retry is told so. */
  public void keepNothing() {
    reply = null;
    replyBytes = -1;
  }

  /** The kept reply's bytes (the first {@link #replyBytes}), or null if it was not kept. */
  public byte @Nullable [] replay() {
    return reply;
  }

  /** How many bytes were kept. */
  public int replyBytes() {
    return replyBytes;
  }

  /** Ends the request under way. */
  public void end() {
    word.set(word.get() & SEQID);
  }

  /** Whether a request is under way. */
  boolean isBusy() {
    return (word.get() & BUSY) != 0;
  }

  /** The sequence number last used. */
  int seqid() {
    return word.intValue();
  }
}
