package tidefs.cli;

/**
 * A command could not do its work for a reason that its user can act upon. The message says what is
 * wrong and what to do next; it is printed without a stack trace.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  /** A failure that ends the program with {@code exitCode}, one of {@link ExitCode}. */
  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Like the other constructor, with what brought it about. */
  public CommandException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The program's exit status. */
  public int exitCode() {
    return exitCode;
  }
}
