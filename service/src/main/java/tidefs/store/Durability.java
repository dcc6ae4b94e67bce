package tidefs.store;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.store.MetadataStore.DurabilityListener;

/** How far the journal is durable, and who waits for more. */
final class Durability {
  private static final Logger log = LoggerFactory.getLogger(Durability.class);

  private final Waiters waiters = new Waiters();

  /** Threads that call a listener. Guarded by the waiters, as these are. */
  private int telling;

  private volatile long durable;
  private volatile @Nullable Throwable failure;

  Durability(long durable) {
    this.durable = durable;
  }

  long durable() {
    return durable;
  }

  /** Throws {@link StoreFault} if the store has failed. */
  void check() {
    Throwable cause = failure;
    if (cause instanceof FencedException) {
      throw new FencedException();
    }
    if (cause != null) {
      throw new StoreFault("the store has failed and takes no more changes", cause);
    }
  }

  boolean hasFailed() {
    return failure != null;
  }

  /** See {@link MetadataStore#whenDurable}. */
  void whenDurable(long sequence, DurabilityListener listener) {
    if (durable < sequence && enlist(sequence, listener)) {
      return;
    }
    listener.reached(durable >= sequence);
  }

  /** See {@link MetadataStore#awaitDurable}. */
  void await(long sequence) {
    if (durable >= sequence) {
      return;
    }
    Thread waiting = Thread.currentThread();
    boolean[] told = new boolean[1];
    whenDurable(
        sequence,
        reached -> {
          synchronized (told) {
            told[0] = true;
          }
          LockSupport.unpark(waiting);
        });
    boolean interrupted = false;
    while (!isTold(told)) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      waiting.interrupt();
    }
    if (durable < sequence) {
      check();
    }
  }

  /** All up to {@code sequence} is durable. Runs the listeners that waited for it. */
  void advance(long sequence) {
    int mine = 0;
    while (true) {
      DurabilityListener listener;
      synchronized (waiters) {
        telling -= mine;
        if (sequence > durable) { // Another thread may have come with a higher one.
          durable = sequence;
        }
        if (!waiters.ready(sequence)) {
          return;
        }
        listener = waiters.pop();
        mine = 1;
        telling += mine;
      }
      tell(listener, true);
    }
  }

  /** See {@link MetadataStore#allTold}. */
  boolean allTold() {
    synchronized (waiters) {
      return telling == 0 && !waiters.ready(durable);
    }
  }

  /** Nothing more becomes durable. Runs all listeners. The first cause stays. */
  void fail(Throwable cause) {
    synchronized (waiters) {
      if (failure == null) {
        failure = cause;
      }
    }
    while (true) {
      DurabilityListener listener;
      synchronized (waiters) {
        if (!waiters.ready(Long.MAX_VALUE)) {
          return;
        }
        listener = waiters.pop();
      }
      tell(listener, false);
    }
  }

  private boolean enlist(long sequence, DurabilityListener listener) {
    synchronized (waiters) {
      if (durable >= sequence || failure != null) {
        return false;
      }
      waiters.add(sequence, listener);
      return true;
    }
  }

  private static boolean isTold(boolean[] told) {
    synchronized (told) {
      return told[0];
    }
  }

  private static void tell(DurabilityListener listener, boolean durable) {
    try {
      listener.reached(durable);
    } catch (RuntimeException e) { // A listener's bug must not stop the others.
      log.atError().setCause(e).log("A durability listener failed");
    }
  }
}
