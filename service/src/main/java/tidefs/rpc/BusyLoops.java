package tidefs.rpc;

import java.util.concurrent.atomic.AtomicInteger;

/** How many event loops are at work on what they have read. */
final class BusyLoops {
  /** So many at work leave processors to others. */
  private static final int FEW = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

  private final AtomicInteger busy = new AtomicInteger();

  /** A loop begins to work on what it has read. */
  void begin() {
    busy.incrementAndGet();
  }

  /** The loop is done. */
  void end() {
    busy.decrementAndGet();
  }

  /** Whether there are processors for threads that work beside the loops. */
  boolean areFew() {
    return busy.get() <= FEW;
  }
}
