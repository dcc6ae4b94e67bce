package tidefs.cli;

/** What a command's exit status says. {@code tidefs --help} documents them. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** It could not be done, or the check found damage. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was done. */
  public static final int USAGE = 2;

  /** A bug of TideFS (EX_SOFTWARE). */
  public static final int BUG = 70;

  private ExitCode() {}
}
