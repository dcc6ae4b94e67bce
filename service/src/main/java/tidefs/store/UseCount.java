package tidefs.store;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the uses of a native object, so that it is never freed under one. Striped: threads that
 * use it at the same time seldom meet on a cache line.
 */
final class UseCount {
  private static final int STRIPES = 16;
  private static final int STRIDE = 8; // Longs in a cache line.
  private static final long POLL_NANOS = 100_000;
  private static final int LONGEST_POLLS = 100_000; // Ten seconds and more.

  private final AtomicLongArray counts = new AtomicLongArray(STRIPES * STRIDE);
  private volatile boolean closed;

  /** Begins a use. Throws {@link StoreFault} once closed. */
  void enter() {
    counts.incrementAndGet(stripe());
    if (closed) {
      exit();
      throw new StoreFault("the store is closed");
    }
  }

  /** Ends a use, on any thread. */
  void exit() {
    counts.decrementAndGet(stripe());
  }

  /** Refuses further uses and waits for those under way; false if they do not end. */
  boolean close() {
    closed = true;
    for (int i = 0; i < LONGEST_POLLS && inUse() != 0; i++) {
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    return inUse() == 0;
  }

  /** Whether further uses are refused. */
  boolean isClosed() {
    return closed;
  }

  private long inUse() {
    long sum = 0;
    for (int i = 0; i < STRIPES; i++) {
      sum += counts.get(i * STRIDE);
    }
    return sum;
  }

  private static int stripe() {
    return (int) Thread.currentThread().threadId() % STRIPES * STRIDE;
  }
}
