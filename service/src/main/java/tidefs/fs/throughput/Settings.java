package tidefs.fs.throughput;

/**
 * What the allowance of a file system depends on.
 *
 * @param standardBytes its metered size in Standard storage
 * @param maxIo whether its performance mode is Max I/O
 */
public record Settings(Mode mode, long standardBytes, boolean maxIo) {
  /** These with another size. */
  public Settings withStandardBytes(long bytes) {
    return new Settings(mode, bytes, maxIo);
  }
}
