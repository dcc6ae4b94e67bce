package tidefs.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is held for some tens of nanoseconds and hardly ever wanted by two: a share of counters that
 * one thread adds to and another empties now and then. Whoever holds it must neither wait nor call
 * out. A base class rather than a part, so that lock and counters lie in one cache line.
 */
@SuppressWarnings("unused") // The bit is reached through its handle.
public abstract class SpinLock {
  private static final VarHandle LOCKED;

  /** Numbers of threads in the order of their first need: neighbours never get the same share. */
  private static final AtomicInteger THREADS = new AtomicInteger();

  private static final ThreadLocal<Integer> NUMBER =
      ThreadLocal.withInitial(THREADS::getAndIncrement);

  private volatile int locked;

  static {
    try {
      LOCKED = MethodHandles.lookup().findVarHandle(SpinLock.class, "locked", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Nobody holds it. */
  protected SpinLock() {}

  /** How many shares keep the threads of this machine out of each other's way: a power of two. */
  public static int shares() {
    return Integer.highestOneBit(Math.max(Runtime.getRuntime().availableProcessors(), 1)) * 2;
  }

  /** Which of {@code shares}, a power of two, is this thread's. */
  public static int mine(int shares) {
    return NUMBER.get() & (shares - 1);
  }

  /** Holds it from now on. */
  public final void lock() {
    while (!LOCKED.compareAndSet(this, 0, 1)) {
      Thread.onSpinWait();
    }
  }

  /** Holds it no more. */
  public final void unlock() {
    LOCKED.setRelease(this, 0);
  }
}
