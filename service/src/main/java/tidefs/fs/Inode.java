package tidefs.fs;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;

/**
 * An inode that is in memory: the identity on which operations work. Two lookups of one inode give
 * the same object as long as anyone holds it.
 *
 * <p>Readers take {@link #state} as it is. Who changes anything holds the lock (of several inodes
 * in the order of their numbers), writes the change to the store, and then publishes the new state.
 */
public final class Inode {
  /** How often an event loop looks whether a lock has become free: some tens of microseconds. */
  private static final int SPINS = 2_000;

  private final long ino;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable InodeState state;
  private volatile boolean gone;
  private @Nullable FileIo io;
  private int holds;
  private boolean fresh;
  private volatile long dirtySinceNanos;
  private boolean marked;
  private volatile int usedHour;

  /** Set by readers, cleared by the table's clock. Races lose a hint at most. */
  boolean referenced;

  /** Whether the table holds it strongly. Written under the table's lock. */
  boolean kept;

  /** What the table counts it with. Guarded by the table's lock. */
  int weight;

  Inode(long ino) {
    this.ino = ino;
  }

  /** The inode number: never used again once the inode is gone. */
  public long ino() {
    return ino;
  }

  /** What it is; never changes. */
  public FileType type() {
    return state().type();
  }

  /** The state that is published now. */
  InodeState state() {
    InodeState now = state;
    if (now == null) {
      throw new IllegalStateException("an inode is loaded before it is handed out");
    }
    return now;
  }

  boolean loaded() {
    return state != null;
  }

  /** Makes {@code next} what readers see. The caller holds the lock. */
  void publish(InodeState next) {
    state = next;
  }

  /** The inode is not in the store any more. */
  boolean gone() {
    return gone;
  }

  /** The caller holds the lock and has removed the inode from the store. */
  void markGone() {
    gone = true;
    io = null;
  }

  /** The file was made by this process and has never had a chunk. The caller holds the lock. */
  boolean fresh() {
    return fresh;
  }

  void fresh(boolean now) {
    fresh = now;
  }

  /** Those who keep the inode alive without a name. The caller holds the lock. */
  int holds() {
    return holds;
  }

  void addHolds(int more) {
    holds += more;
    Invariant.check(holds >= 0, "an inode is released as often as it was retained");
  }

  /** What is known of a regular file's contents besides its state. The caller holds the lock. */
  FileIo io() {
    FileIo known = io;
    if (known == null) {
      known = new FileIo(lock.newCondition(), state(), fresh);
      io = known;
    }
    return known;
  }

  /** Whether the store has a mark of a change of it for certain. The caller holds the lock. */
  boolean marked() {
    return marked;
  }

  void marked(boolean now) {
    marked = now;
  }

  /** True if state in memory is ahead of the store. The caller holds the lock. */
  boolean dirty() {
    return io != null && io.dirty();
  }

  /** When unstable writes began, by the monotonic clock. */
  long dirtySince() {
    return dirtySinceNanos;
  }

  void dirtySince(long nanos) {
    dirtySinceNanos = nanos;
  }

  /** The hour in which it was last noted that the file was used. */
  int usedHour() {
    return usedHour;
  }

  void usedHour(int hour) {
    usedHour = hour;
  }

  /** The state that is in the store. The caller holds the lock. */
  InodeState stored() {
    FileIo known = io;
    return known == null ? state() : known.stored(state());
  }

  /** Takes the lock; an event loop does not wait long for it. */
  void lock(Blocking blocking) {
    if (lock.tryLock()) {
      return;
    }
    if (blocking == Blocking.ALLOWED) {
      lock.lock();
      return;
    }
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
      if (!lock.isLocked() && lock.tryLock()) {
        return;
      }
    }
    throw WouldBlock.INSTANCE;
  }

  /** Takes the lock if it is free. */
  boolean tryLock() {
    return lock.tryLock();
  }

  void unlock() {
    lock.unlock();
  }

  @Override
  public String toString() {
    return "inode " + ino;
  }
}
