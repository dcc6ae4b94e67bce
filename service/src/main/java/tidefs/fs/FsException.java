package tidefs.fs;

/** A refusal by the file system: an answer, not a failure. Stackless. */
public final class FsException extends Exception {
  private static final long serialVersionUID = 1;

  private final Errno errno;

  /** A refusal with its reason. */
  public FsException(Errno errno) {
    super(errno.name(), null, false, false);
    this.errno = errno;
  }

  /** Why. */
  public Errno errno() {
    return errno;
  }
}
