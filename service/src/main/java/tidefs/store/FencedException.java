package tidefs.store;

/** This writer was replaced by one with a higher epoch and can never commit again. Final. */
public final class FencedException extends StoreFault {
  private static final long serialVersionUID = 1;

  /** The writer was fenced. */
  public FencedException() {
    super("fenced: a writer with a higher epoch owns this shard");
  }
}
