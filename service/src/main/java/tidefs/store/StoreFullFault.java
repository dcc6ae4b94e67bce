package tidefs.store;

/** There is no space left on the device, or a quota of the operating system is exhausted. */
public final class StoreFullFault extends StoreFault {
  private static final long serialVersionUID = 1;

  /** A fault with a constant text. */
  public StoreFullFault(String text) {
    super(text);
  }

  /** A fault with a constant text and what caused it. */
  public StoreFullFault(String text, Throwable cause) {
    super(text, cause);
  }
}
