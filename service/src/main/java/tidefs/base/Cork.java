package tidefs.base;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds wake-ups of other threads back while the current thread is sure to cause more of the same:
 * to wake a sleeping thread costs more than most requests, and one that is woken at the first of
 * several finds a group of one. Each thread has its own.
 */
public final class Cork {
  private static final ThreadLocal<Cork> OF_THREAD = ThreadLocal.withInitial(Cork::new);

  private final List<Runnable> held = new ArrayList<>(2);
  private boolean in;

  private Cork() {}

  /** From now on until {@link #pull}, what this thread would wake is not woken. */
  public static void put() {
    OF_THREAD.get().in = true;
  }

  /** Wakes what was held back. */
  public static void pull() {
    Cork cork = OF_THREAD.get();
    cork.in = false;
    List<Runnable> held = cork.held;
    if (!held.isEmpty()) {
      for (int i = 0; i < held.size(); i++) {
        held.get(i).run();
      }
      held.clear();
    }
  }

  /**
   * Holds {@code wake} back, to be run once, if the cork is in.
   *
   * @param wake the same object each time
   * @return false if it is not: the caller has to wake
   */
  @SuppressWarnings("ReferenceEquality")
  public static boolean hold(Runnable wake) {
    Cork cork = OF_THREAD.get();
    if (!cork.in) {
      return false;
    }
    List<Runnable> held = cork.held;
    for (int i = 0; i < held.size(); i++) {
      if (held.get(i) == wake) {
        return true;
      }
    }
    held.add(wake);
    return true;
  }
}
