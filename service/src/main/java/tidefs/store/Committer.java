package tidefs.store;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.base.Cork;

/**
 * Writes a store's journal. A thread takes all batches that wait, encodes them, claims their place
 * in the journal and writes them; while it does, the next group gathers. Two threads do so in turn,
 * so that a group that is ready need not wait for the end of the sync before it: the second begins
 * the first time that it would have been of use.
 *
 * <p>Whoever has the turn has the journal, and all that is not volatile here. What cannot go on
 * beside an append waits, with the turn, until none is under way.
 */
final class Committer {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);

  /** How often a full device is asked for space again. */
  private static final long FULL_RETRY_NANOS = 200_000_000;

  private final Journal journal;
  private final Pending pending;
  private final Durability durability;
  private final Appends appends;
  private final Clock clock;
  private final Runnable checkpoint;
  private final ReentrantLock turn = new ReentrantLock();
  private final CommitThread first = new CommitThread(this);
  private final CommitThread second = new CommitThread(this);
  private final Runnable wake = this::wake;
  private volatile boolean closing;
  private volatile long trimBelow;
  private volatile boolean low;
  private volatile long room;
  private volatile @Nullable CompletableFuture<Void> verification;
  private volatile long trimmedBelow;
  private volatile long bytesSinceCheckpoint;
  private volatile long firstChangeNanos;

  /**
   * A committer that is not started yet.
   *
   * @param checkpoint what to call, on the committer's thread, when a checkpoint is due
   */
  Committer(
      Journal journal, Pending pending, Durability durability, Clock clock, Runnable checkpoint) {
    this.journal = journal;
    this.pending = pending;
    this.durability = durability;
    this.appends = new Appends(durability);
    this.clock = clock;
    this.checkpoint = checkpoint;
    this.room = journal.room();
  }

  void start() {
    first.start();
  }

  /** There is something to do, and perhaps soon more. */
  void wakeSoon() {
    if (!first.looks() && !second.looks() && !Cork.hold(wake)) {
      wake();
    }
  }

  /** There is something to do. */
  void wake() {
    if (!first.looks() && !second.looks() && !first.wake()) {
      boolean _ = second.wake();
    }
  }

  /** The journal's device is full: the journal lives on what it keeps for that case. */
  boolean low() {
    return low;
  }

  /** How many bytes of records the journal can take for certain. */
  long room() {
    return room;
  }

  /** Lets the journal forget what is below {@code sequence}, soon. */
  void trim(long sequence) {
    trimBelow = sequence;
    wake();
  }

  /** Reads and checks the journal, between two appends. One caller at a time. */
  CompletableFuture<Void> verify() {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    verification = asked;
    wake();
    return asked;
  }

  /** Writes what waits, then ends the threads. */
  void close() {
    closing = true;
    wakeAll();
    first.join();
    second.join();
  }

  private void wakeAll() {
    boolean _ = first.wake();
    boolean _ = second.wake();
  }

  /** Whether there is something to do, or the thread that asks should end. */
  boolean hasWork() {
    return !pending.isEmpty()
        || closing
        || trimBelow != trimmedBelow
        || verification != null
        || appends.hasFailed();
  }

  /** Whether there was a change since the last checkpoint. */
  boolean isActive() {
    return bytesSinceCheckpoint > 0;
  }

  /** For how long a thread may rest; 0 for as long as nobody wakes it. */
  long restNanos() {
    if (low) {
      return FULL_RETRY_NANOS;
    }
    if (bytesSinceCheckpoint == 0) {
      return 0;
    }
    long waited = clock.monotonicNanos() - firstChangeNanos;
    return Math.max(1, Limits.CHECKPOINT_NANOS - waited);
  }

  /** Does what there is to do. */
  CommitThread.Next step(CommitThread thread) {
    Journal.@Nullable Claim claim;
    Appends.Append append = null;
    turn.lock();
    try {
      if (appends.hasFailed()) {
        return CommitThread.Next.END;
      }
      maintain();
      Pending.Group group = pending.take(thread.group());
      thread.group(group);
      if (group.count() == 0) {
        return closing ? CommitThread.Next.END : CommitThread.Next.REST;
      }
      claim = claim(thread.buffer(), group);
      if (claim == null) {
        appendAlone(thread.buffer(), group);
      } else {
        append = appends.begin(group.firstSequence() + group.count() - 1);
      }
    } finally {
      turn.unlock();
    }
    if (claim != null && append != null) {
      write(thread, claim, append);
    }
    pending.written(thread.group());
    return CommitThread.Next.LOOK;
  }

  private void write(CommitThread thread, Journal.Claim claim, Appends.Append append) {
    thread.writes(true);
    if (!pending.isEmpty()) {
      wake();
    }
    claim.write(thread.buffer().records());
    thread.writes(false);
    appends.end(append);
    if (!pending.isEmpty()) {
      second.start();
    }
  }

  /** Encodes {@code group} and claims a place for it; null if it has to be appended alone. */
  private Journal.@Nullable Claim claim(CommitBuffer buffer, Pending.Group group) {
    long bytes = CommitBuffer.length(group);
    if (low || bytes > Limits.APPEND_BYTES) {
      return null;
    }
    Optional<Journal.Claim> claim =
        journal.claim(group.firstSequence(), group.count(), (int) bytes);
    if (claim.isEmpty()) {
      return null;
    }
    buffer.clear();
    long durable = durability.durable();
    for (int i = 0; i < group.count(); i++) {
      buffer.add(journal.writer(), group, i, durable);
    }
    appended(buffer.bytes());
    return claim.get();
  }

  private void appendAlone(CommitBuffer buffer, Pending.Group group) {
    if (!appends.awaitNone()) {
      return;
    }
    buffer.clear();
    int from = 0;
    for (int i = 0; i < group.count(); i++) {
      int record = CommitBuffer.length(group, i);
      if (buffer.bytes() > 0 && buffer.bytes() + record > Limits.APPEND_BYTES) {
        append(buffer, group.firstSequence() + from, i - from);
        from = i;
      }
      buffer.add(journal.writer(), group, i, group.firstSequence() + from - 1);
    }
    append(buffer, group.firstSequence() + from, group.count() - from);
  }

  private void append(CommitBuffer buffer, long firstSequence, int count) {
    int bytes = buffer.bytes();
    appendPatiently(firstSequence, count, buffer);
    buffer.clear();
    appended(bytes);
    durability.advance(firstSequence + count - 1);
  }

  private void appended(int bytes) {
    long before = bytesSinceCheckpoint;
    if (before == 0) {
      firstChangeNanos = clock.monotonicNanos();
    }
    bytesSinceCheckpoint = before + bytes;
    if (!low) {
      makeRoom();
    }
    room = journal.room();
  }

  /**
   * Appends, if need be after others made space. What is appended was seen by readers and cannot be
   * taken back; the journal's room is for it, so that this waits only if that was too small.
   */
  private void appendPatiently(long firstSequence, int count, CommitBuffer buffer) {
    ByteBuffer records = buffer.records();
    while (true) {
      try {
        journal.append(firstSequence, count, records);
        return;
      } catch (StoreFullFault | StoreBusyFault e) {
        if (closing) {
          throw e;
        }
        setLow(true);
        room = 0;
        LockSupport.parkNanos(this, FULL_RETRY_NANOS);
        trimIfAsked();
      }
    }
  }

  private void maintain() {
    boolean alone = trimBelow != trimmedBelow || low || verification != null;
    if (alone && appends.awaitNone()) {
      trimIfAsked();
      if (low) {
        makeRoom();
      }
      verifyIfAsked();
    }
    checkpointIfDue();
  }

  private void makeRoom() {
    setLow(!journal.replenish());
    room = journal.room();
  }

  private void setLow(boolean now) {
    if (now != low) {
      low = now;
      if (now) {
        log.atError().log("The journal's device is full: changes are refused until there is space");
      } else {
        log.atInfo().log("The journal's device has space again");
      }
    }
  }

  private void trimIfAsked() {
    long below = trimBelow;
    if (below != trimmedBelow) {
      journal.trim(below);
      trimmedBelow = below;
    }
  }

  private void verifyIfAsked() {
    CompletableFuture<Void> asked = verification;
    if (asked != null) {
      verification = null;
      try {
        journal.verify();
        asked.complete(null);
      } catch (StoreFault e) {
        asked.completeExceptionally(e);
      }
    }
  }

  private void checkpointIfDue() {
    if (low) {
      return; // The state would find no space either, and then refuse even removals.
    }
    if (bytesSinceCheckpoint >= Limits.CHECKPOINT_BYTES
        || (bytesSinceCheckpoint > 0
            && clock.monotonicNanos() - firstChangeNanos >= Limits.CHECKPOINT_NANOS)) {
      bytesSinceCheckpoint = 0;
      checkpoint.run();
    }
  }

  /** A thread has ended on {@code cause}. */
  void failed(Throwable cause) {
    log.atError().setCause(cause).log("The journal failed: the store takes no more changes");
    appends.fail();
    durability.fail(cause);
    CompletableFuture<Void> asked = verification;
    if (asked != null) {
      boolean _ = asked.completeExceptionally(cause);
    }
    wakeAll();
  }
}
