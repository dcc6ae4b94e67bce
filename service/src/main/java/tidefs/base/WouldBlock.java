package tidefs.base;

/**
 * Thrown by an operation that was told not to wait and would have to (a read that misses every
 * cache, a store that is catching up). It is thrown before the operation has changed anything, so
 * the caller repeats the whole operation on a thread that may wait.
 *
 * <p>Stackless and shared: it is control flow, met on event loops.
 */
public final class WouldBlock extends RuntimeException {
  /** The one instance; safe to share, since it has neither stack nor suppressed exceptions. */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  public static final WouldBlock INSTANCE = new WouldBlock();

  private static final long serialVersionUID = 1;

  private WouldBlock() {
    super("the operation would wait", null, false, false);
  }

  private Object readResolve() {
    return INSTANCE;
  }
}
