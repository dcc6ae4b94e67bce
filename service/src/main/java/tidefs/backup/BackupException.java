package tidefs.backup;

/** A backup cannot be made or read: the disk says no, or something is damaged or missing. */
public final class BackupException extends Exception {
  private static final long serialVersionUID = 1;

  /** A failure told in words alone. */
  public BackupException(String message) {
    super(message);
  }

  BackupException(String message, Throwable cause) {
    super(message, cause);
  }
}
