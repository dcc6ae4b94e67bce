package tidefs.store;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The appends to a journal that are under way. They end in any order; what was appended is durable
 * once all that was appended before is.
 */
final class Appends {
  private final Durability durability;
  private final Deque<Append> underWay = new ArrayDeque<>();
  private boolean failed;

  /** Records up to {@link #last}. */
  static final class Append {
    private final long last;
    private boolean written;

    private Append(long last) {
      this.last = last;
    }
  }

  Appends(Durability durability) {
    this.durability = durability;
  }

  /** An append of records up to {@code last}, which comes after all others, begins. */
  synchronized Append begin(long last) {
    Append begun = new Append(last);
    underWay.addLast(begun);
    return begun;
  }

  /** An append has been written. Tells who waited for what is durable by that. */
  void end(Append append) {
    long durable = 0;
    synchronized (this) {
      append.written = true;
      for (Append first = underWay.peekFirst();
          first != null && first.written && !failed;
          first = underWay.peekFirst()) {
        durable = first.last;
        underWay.removeFirst();
      }
      notifyAll();
    }
    if (durable > 0) {
      durability.advance(durable);
    }
  }

  /** An append failed: it never ends, nor does what comes after it. */
  synchronized void fail() {
    failed = true;
    notifyAll();
  }

  synchronized boolean hasFailed() {
    return failed;
  }

  /** Waits until nothing is under way; false if something has failed. */
  synchronized boolean awaitNone() {
    boolean interrupted = false;
    while (!failed && !underWay.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !failed;
  }
}
