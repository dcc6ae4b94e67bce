package tidefs.fs.throughput;

/**
 * Whose limits hold: {@link #AWS} for those who test for EFS, {@link #UNLIMITED} for those who want
 * all their disk can give, or figures of one's own.
 *
 * @param enforced whether anything ever waits
 */
public record Profile(boolean enforced, Caps bursting, Caps provisioned, Caps elastic, Caps maxIo) {
  /** What Amazon EFS does. */
  public static final Profile AWS = aws(true);

  /** Nothing waits; permitted throughput is still told by the rules of EFS. */
  public static final Profile UNLIMITED = aws(false);

  /** The same limits in every mode. */
  public static Profile custom(Caps caps) {
    return new Profile(true, caps, caps, caps, caps);
  }

  private static Profile aws(boolean enforced) {
    return new Profile(
        enforced,
        Figures.BURSTING,
        Figures.PROVISIONED,
        Figures.ELASTIC,
        Figures.BURSTING.withOperations(
            Figures.MAX_IO_READ_OPERATIONS_PER_SECOND, Figures.MAX_IO_WRITE_OPERATIONS_PER_SECOND));
  }
}
