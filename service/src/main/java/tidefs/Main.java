package tidefs;

import tidefs.bench.BenchCommand;
import tidefs.cli.Cli;
import tidefs.server.CaCommand;
import tidefs.server.ConfigCommand;
import tidefs.server.FsckCommand;
import tidefs.server.KeyCommand;
import tidefs.server.RehearseCommand;
import tidefs.server.RestoreCommand;
import tidefs.server.ServeCommand;
import tidefs.server.UpCommand;

/** The entry point of the packaged program. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code arguments} name. */
  public static void main(String[] arguments) {
    System.exit(
        new Cli(
                new UpCommand(),
                new BenchCommand(),
                new ServeCommand(),
                new CaCommand(),
                new ConfigCommand(),
                new FsckCommand(),
                new KeyCommand(),
                new RehearseCommand(),
                new RestoreCommand())
            .run(arguments));
  }
}
