package tidefs.crash;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Who holds which lock, as the clients know it: from the grant to just before the unlock. */
final class LockTable {
  static final int LOCKS = 8;

  private final AtomicReferenceArray<@Nullable Worker> holders = new AtomicReferenceArray<>(LOCKS);

  /** {@code worker} was given a lock. */
  void granted(int lock, Worker worker) {
    Worker other = holders.compareAndExchange(lock, null, worker);
    if (other != null) {
      throw new AssertionError(
          "lock " + lock + " was given to " + worker.name + " while " + other.name + " has it");
    }
  }

  /** {@code worker} is about to give a lock back. */
  void released(int lock, Worker worker) {
    if (!holders.compareAndSet(lock, worker, null)) {
      throw new AssertionError("lock " + lock + " is not held by " + worker.name);
    }
  }
}
