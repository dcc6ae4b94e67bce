package tidefs.server;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tidefs.cli.ExitCode;
import tidefs.server.config.Configuration;

/** {@code tidefs serve}. */
@Command(
    name = "serve",
    description = "Runs the server in the foreground until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "Example:  tidefs serve --data /var/lib/tidefs --insecure-api",
      "",
      "The first signal lets requests under way end; a second one ends the server on the spot,",
      "which loses nothing that was acknowledged as durable.",
    })
public final class ServeCommand implements Callable<Integer> {
  @Mixin private final ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = options.configuration(false);
    Logging.start(configuration.log());
    StopSignal stop = StopSignal.install();
    try (Server _ = Server.start(configuration)) {
      stop.await();
    }
    return ExitCode.OK;
  }
}
