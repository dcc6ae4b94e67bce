package tidefs.base;

/**
 * Checks of what must be true if our own code is right. A failed check is a bug: it ends the
 * request, connection or file system that met it, never the server.
 */
public final class Invariant {
  private Invariant() {}

  /** Throws {@link Broken} with the constant {@code text} unless {@code condition} holds. */
  public static void check(boolean condition, String text) {
    if (!condition) {
      throw new Broken(text);
    }
  }

  /** A broken invariant. */
  public static final class Broken extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Broken(String text) {
      super(text);
    }
  }
}
