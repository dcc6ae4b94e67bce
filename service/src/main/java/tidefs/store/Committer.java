package tidefs.store;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.base.Invariant;
import tidefs.base.Spinner;

/**
 * The one thread that writes a store's journal. It takes all batches that wait, appends them as one
 * group and tells who waited; while it syncs, the next group gathers. It parks when there is
 * nothing to do. A platform thread: it spends its life in native calls.
 */
final class Committer {
  private static final Logger log = LoggerFactory.getLogger(Committer.class);
  private static final long STACK_BYTES = 256 << 10;
  private static final long SPIN_NANOS = 60_000;

  /** How often a full device is asked for space again. */
  private static final long FULL_RETRY_NANOS = 200_000_000;

  private final Journal journal;
  private final Pending pending;
  private final Durability durability;
  private final Clock clock;
  private final Runnable checkpoint;
  private final Thread thread;
  private final CRC32C crc = new CRC32C();
  private final Spinner spinner = new Spinner(SPIN_NANOS);
  private ByteBuffer buffer = ByteBuffer.allocateDirect(Limits.IDLE_BUFFER_BYTES);
  private volatile boolean idle;
  private volatile boolean closing;
  private volatile long trimBelow;
  private volatile boolean low;
  private volatile long room;
  private volatile @Nullable CompletableFuture<Void> verification;
  private long trimmedBelow;
  private long bytesSinceCheckpoint;
  private long firstChangeNanos;

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
    this.clock = clock;
    this.checkpoint = checkpoint;
    this.room = journal.room();
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("store-committer")
            .stackSize(STACK_BYTES)
            .unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** There is something to do. */
  void wake() {
    if (idle) {
      LockSupport.unpark(thread);
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
    LockSupport.unpark(thread);
    return asked;
  }

  /** Writes what waits, then ends the thread. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        Pending.Group group = pending.take();
        if (group.count() > 0) {
          commit(group);
        } else if (closing) {
          return;
        } else {
          rest();
        }
        trimIfAsked();
        if (low) {
          makeRoom();
        }
        checkpointIfDue();
        verifyIfAsked();
      }
    } catch (RuntimeException | Error e) { // The edge of a background loop.
      log.atError().setCause(e).log("The journal failed: the store takes no more changes");
      durability.fail(e);
      CompletableFuture<Void> asked = verification;
      if (asked != null) {
        asked.completeExceptionally(e);
      }
    }
  }

  private void commit(Pending.Group group) {
    long first = group.firstSequence();
    Invariant.check(first == durability.durable() + 1, "batches come in order, without gaps");
    buffer.clear();
    int from = 0;
    for (int i = 0; i < group.count(); i++) {
      int record = JournalRecord.length(group.end(i) - Batch.PAYLOAD_OFFSET);
      if (buffer.position() > 0 && buffer.position() + record > Limits.APPEND_BYTES) {
        append(first + from, i - from);
        from = i;
      }
      reserve(record);
      JournalRecord.encode(
          buffer,
          crc,
          journal.writer(),
          first + i,
          i - from,
          group.batch(i),
          Batch.PAYLOAD_OFFSET,
          group.end(i));
    }
    append(first + from, group.count() - from);
    pending.written(group);
  }

  private void append(long first, int count) {
    buffer.flip();
    int bytes = buffer.remaining();
    appendPatiently(first, count);
    buffer.clear();
    if (bytesSinceCheckpoint == 0) {
      firstChangeNanos = clock.monotonicNanos();
    }
    bytesSinceCheckpoint += bytes;
    if (!low) {
      makeRoom();
    }
    room = journal.room();
    durability.advance(first + count - 1);
  }

  /**
   * Appends, if need be after others made space. What is appended was seen by readers and cannot be
   * taken back; the journal's room is for it, so that this waits only if that was too small.
   */
  private void appendPatiently(long first, int count) {
    while (true) {
      try {
        journal.append(first, count, buffer);
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

  private void reserve(int more) {
    if (buffer.remaining() < more) {
      int needed = buffer.position() + more;
      ByteBuffer larger = ByteBuffer.allocateDirect(Integer.highestOneBit(needed - 1) * 2);
      buffer.flip();
      buffer = larger.put(buffer);
    }
  }

  /** Parks until there is something to do, or a checkpoint is due. */
  private void rest() {
    if (buffer.capacity() > Limits.IDLE_BUFFER_BYTES && bytesSinceCheckpoint == 0) {
      buffer = ByteBuffer.allocateDirect(Limits.IDLE_BUFFER_BYTES);
    }
    if (bytesSinceCheckpoint > 0 && spinner.await(this::hasWork)) {
      return;
    }
    idle = true;
    if (pending.isEmpty() && !closing && trimBelow == trimmedBelow && verification == null) {
      if (low) {
        LockSupport.parkNanos(this, FULL_RETRY_NANOS);
      } else if (bytesSinceCheckpoint == 0) {
        LockSupport.park(this);
      } else {
        long waited = clock.monotonicNanos() - firstChangeNanos;
        LockSupport.parkNanos(this, Math.max(1, Limits.CHECKPOINT_NANOS - waited));
      }
    }
    idle = false;
  }

  private boolean hasWork() {
    return pending.bytes() > 0 || closing || trimBelow != trimmedBelow || verification != null;
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
}
