package tidefs.store;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.base.Clock;
import tidefs.base.WouldBlock;

/**
 * An ordered map of byte keys with snapshots and atomic batches, durable through a journal.
 *
 * <p>A batch is visible to every reader of this process as soon as {@link #apply} returns, and
 * durable once the journal has it. Nothing may leave the process before that: whoever answers a
 * request waits for the highest sequence number that the request wrote <em>or read</em> ({@link
 * #appliedSequence} at the time of the read bounds it).
 */
public final class MetadataStore implements View, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetadataStore.class);
  private static final long RETRY_NANOS = 500_000;

  /** How often a thread looks whether the mutex is free before it sleeps: some 30 microseconds. */
  private static final int SPINS = 1_000;

  private final State state;
  private final StoredRecords records;
  private final Journal journal;
  private final StoreResources resources;
  private final ReentrantLock mutex = new ReentrantLock();
  private final Pending pending = new Pending();
  private final Durability durability;
  private final Committer committer;
  private final AtomicBoolean checkpointing = new AtomicBoolean();

  /** Raised before a batch can be seen, so that a reader never relies on more than it says. */
  private volatile long applied;

  /** The last batch that is visible for certain and has been handed to the journal. */
  private volatile long handedOver;

  private boolean closed;

  private MetadataStore(
      StoredRecords records, long applied, Journal journal, StoreResources resources, Clock clock) {
    this.records = records;
    this.state = records.state();
    this.applied = applied;
    this.handedOver = applied;
    this.journal = journal;
    this.resources = resources;
    this.durability = new Durability(applied);
    this.committer = new Committer(journal, pending, durability, clock, this::startCheckpoint);
  }

  /**
   * Opens the store whose state is in {@code directory}, empty if there is none, and brings it up
   * to the journal's end. The journal is the store's from now on, closed with it.
   *
   * @throws StoreFault if state or journal are damaged beyond what the other can mend
   */
  public static MetadataStore open(
      Path directory, Journal journal, StoreResources resources, Clock clock) {
    return open(directory, journal, resources, clock, RecordCipher.NONE);
  }

  /** Opens a store, as above, whose records are encrypted by {@code cipher}. */
  public static MetadataStore open(
      Path directory, Journal journal, StoreResources resources, Clock clock, RecordCipher cipher) {
    State state;
    try {
      state = Recovery.recover(directory, journal, resources);
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
    StoredRecords records = new StoredRecords(state, cipher);
    MetadataStore store = new MetadataStore(records, state.applied(), journal, resources, clock);
    store.committer.start();
    return store;
  }

  @Override
  public Optional<byte[]> get(byte[] key, Blocking blocking) {
    return records.get(key, blocking);
  }

  @Override
  public Entries scan(byte[] from, byte[] to, Blocking blocking) {
    return records.scan(from, to, null, blocking);
  }

  /** The map as it is now, unmoved by later batches. Close it soon: it holds space. */
  public Snapshot snapshot() {
    mutex.lock();
    try {
      return new Pinned(records, state.pin(), handedOver);
    } finally {
      mutex.unlock();
    }
  }

  /**
   * Makes {@code batch} visible, all of it at once, and hands it to the journal.
   *
   * @return its sequence number: one more than that of the batch before it
   * @throws tidefs.base.WouldBlock if waiting is forbidden and the store is catching up; nothing
   *     has changed
   * @throws StoreFullFault if the device is full, and the batch does not help; nothing has changed,
   *     and it may be tried again when there is space
   * @throws StoreFault if the store has failed and takes no more changes
   */
  public long apply(Batch batch, Blocking blocking) {
    while (true) {
      try {
        return applyAtOnce(batch);
      } catch (WouldBlock e) {
        if (blocking == Blocking.FORBIDDEN) {
          throw e;
        }
        LockSupport.parkNanos(this, RETRY_NANOS); // Outside the mutex: others must not wait on it.
      }
    }
  }

  /** The sequence number of the newest batch that is visible. */
  public long appliedSequence() {
    return applied;
  }

  /** The highest sequence number that is durable, with all before it. */
  public long durableSequence() {
    return durability.durable();
  }

  /**
   * Runs {@code listener} once {@code sequence} is durable or the store has failed: at once in the
   * caller if so already, else on the committer's thread, where it must only hand over.
   */
  public void whenDurable(long sequence, DurabilityListener listener) {
    durability.whenDurable(settled(sequence), listener);
  }

  /** Waits until {@code sequence} is durable. Throws {@link StoreFault} if the store failed. */
  public void awaitDurable(long sequence) {
    if (sequence > durability.durable()) {
      committer.wake(); // Whoever applied it may have held that back.
    }
    durability.await(settled(sequence));
  }

  /**
   * Whether all listeners were called that waited for what is durable now. {@link #awaitDurable}
   * may return while the committer's thread is about to call some.
   */
  public boolean allTold() {
    return durability.allTold();
  }

  /**
   * Makes the state durable up to now, so that the journal needs to be replayed only from here on.
   * Changes go on meanwhile. The store does so itself from time to time.
   */
  public void checkpoint() {
    long covered = handedOver;
    state.flush();
    committer.trim(covered + 1);
  }

  /**
   * Checks what is on disk, while the store is in use: every record of the journal, the checksums
   * of the state's files, and that the two agree.
   *
   * @throws StoreFault if something is damaged or missing
   */
  public synchronized void verify() {
    durability.check();
    long before = handedOver;
    awaitDurable(before);
    checkpoint();
    state.verify();
    long marked = state.applied();
    if (marked < before || marked > applied) {
      throw new StoreFault("the state does not hold what was applied to it");
    }
    try {
      committer.verify().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StoreFault fault
          ? fault
          : new StoreFault("the journal could not be verified", e);
    }
  }

  /** Makes everything durable and closes the journal too. No call may follow. */
  @Override
  public void close() {
    mutex.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      mutex.unlock();
    }
    committer.close();
    try {
      if (!durability.hasFailed()) {
        state.flush();
        journal.trim(applied + 1);
      }
    } finally {
      durability.fail(new StoreFault("the store is closed"));
      state.close();
      journal.close();
    }
  }

  private long applyAtOnce(Batch batch) {
    admit(batch);
    batch.spend();
    Batch stored = batch.sealed(records.cipher());
    long sequence;
    enter();
    try {
      durability.check();
      if (closed) {
        throw new StoreFault("the store is closed");
      }
      long before = applied;
      sequence = before + 1;
      applied = sequence;
      try {
        state.apply(stored.toWriteBatch(State.mark(sequence)));
      } catch (WouldBlock e) {
        applied = before;
        batch.revive();
        throw e;
      } catch (StoreFullFault e) { // Nothing was applied: the state refuses until it has space.
        applied = before;
        throw e;
      } catch (StoreFault e) {
        applied = before;
        durability.fail(e);
        throw e;
      }
      pending.add(sequence, stored);
      handedOver = sequence;
    } finally {
      mutex.unlock();
    }
    committer.wakeSoon();
    return sequence;
  }

  /**
   * Takes the mutex. Who has it lets it go within microseconds, and to put a thread to sleep and
   * wake it takes longer than that.
   */
  private void enter() {
    for (int i = 0; i < SPINS; i++) {
      if (!mutex.isLocked() && mutex.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    mutex.lock();
  }

  /** Refuses what the journal may not have room for. */
  private void admit(Batch batch) {
    long waiting = pending.bytes();
    if (waiting > Limits.UNJOURNALLED_BYTES) {
      durability.check();
      throw WouldBlock.INSTANCE;
    }
    // The journal adds a header to each batch, which is no larger than a batch of any use.
    boolean fits = 2 * (waiting + batch.encodedBytes()) <= committer.room();
    if (committer.low()) {
      if (!fits || !batch.isEssential()) {
        checkWritable();
      }
    } else if (waiting > 0 && !fits) {
      durability.check();
      throw WouldBlock.INSTANCE;
    }
  }

  /** Whether changes are refused because the journal's device is full. */
  public boolean isFull() {
    return committer.low();
  }

  /**
   * Throws what a change would be refused with now: {@link StoreFullFault} while the journal's
   * device is full, {@link StoreFault} if the store has failed.
   */
  public void checkWritable() {
    durability.check();
    if (committer.low()) {
      throw new StoreFullFault("the journal's device is full");
    }
  }

  /**
   * The sequence number to wait for instead of {@code sequence}: a batch that turned out not to be
   * possible at once had announced its number, and the next to get that number may never come.
   */
  private long settled(long sequence) {
    if (sequence <= handedOver) {
      return sequence;
    }
    mutex.lock();
    try {
      return Math.min(sequence, handedOver);
    } finally {
      mutex.unlock();
    }
  }

  private void startCheckpoint() {
    if (!checkpointing.compareAndSet(false, true)) {
      return;
    }
    try {
      resources.background().execute(this::checkpointAndLog);
    } catch (RejectedExecutionException e) {
      log.atWarn().log("No checkpoint: the process is ending");
    }
  }

  private void checkpointAndLog() {
    try {
      checkpoint();
    } catch (StoreFault e) {
      if (state.isClosed()) {
        return; // Closing makes its own.
      }
      log.atError().setCause(e).log("A checkpoint failed: the journal grows until one succeeds");
    } finally {
      checkpointing.set(false);
    }
  }

  /** The map at one instant. */
  public interface Snapshot extends View, AutoCloseable {
    /** The sequence number of the last batch that it shows. */
    long sequence();

    @Override
    void close();
  }

  /** Told when a sequence number has become durable. */
  @FunctionalInterface
  public interface DurabilityListener {
    /** {@code durable} is false if the store failed first: the change must not be acknowledged. */
    void reached(boolean durable);
  }

  private record Pinned(
      StoredRecords records, org.rocksdb.Snapshot pin, long sequence, AtomicBoolean closed)
      implements Snapshot {
    Pinned(StoredRecords records, org.rocksdb.Snapshot pin, long sequence) {
      this(records, pin, sequence, new AtomicBoolean());
    }

    @Override
    public Optional<byte[]> get(byte[] key, Blocking blocking) {
      return records.get(key, pin, blocking);
    }

    @Override
    public Entries scan(byte[] from, byte[] to, Blocking blocking) {
      return records.scan(from, to, pin, blocking);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        records.state().unpin(pin);
      }
    }
  }
}
