package tidefs.rpc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes the records that are still arriving may hold ahead of their arrival, over all
 * connections. When it is spent, records are assembled in buffers that grow as bytes arrive:
 * slower, but nobody is turned away. From any thread.
 */
final class AssemblyBudget {
  private final AtomicLong left;

  AssemblyBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes {@code bytes}, or nothing if there are not as many. */
  boolean take(int bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  /** Gives back what was taken. */
  void give(int bytes) {
    left.addAndGet(bytes);
  }

  /** What can be taken. */
  long left() {
    return left.get();
  }
}
