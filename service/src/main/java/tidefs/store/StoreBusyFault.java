package tidefs.store;

/** The system lacks something that comes back by itself, such as file descriptors: try again. */
public final class StoreBusyFault extends StoreFault {
  private static final long serialVersionUID = 1;

  /** A fault with a constant text. */
  public StoreBusyFault(String text) {
    super(text);
  }
}
