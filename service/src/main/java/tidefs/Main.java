package tidefs;

import tidefs.cli.Cli;
import tidefs.server.ConfigCommand;

/** The entry point of the packaged program. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code arguments} name. */
  public static void main(String[] arguments) {
    System.exit(new Cli(new ConfigCommand()).run(arguments));
  }
}
