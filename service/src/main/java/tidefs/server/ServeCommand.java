package tidefs.server;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tidefs.cli.ExitCode;
import tidefs.iam.identity.Identities;
import tidefs.server.config.Configuration;

/** {@code tidefs serve}. */
@Command(
    name = "serve",
    description = "Runs the server in the foreground until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "Example:  tidefs serve --data /var/lib/tidefs",
      "",
      "The first signal lets requests under way end; a second one ends the server on the spot,",
      "which loses nothing that was acknowledged as durable.",
    })
public final class ServeCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = options.configuration(false);
    Logging.start(configuration.log());
    StopSignal stop = StopSignal.install();
    try (Server server = Server.start(configuration)) {
      server.firstKey().ifPresent(key -> tell(configuration, server.apiUrl(), key));
      stop.await();
    }
    return ExitCode.OK;
  }

  private void tell(Configuration configuration, String api, Identities.NewKey key) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf(
        """
        This is the first start. The administrator's access key, which is not shown again:

          export AWS_ACCESS_KEY_ID=%s
          export AWS_SECRET_ACCESS_KEY=%s
          export AWS_DEFAULT_REGION=%s

        Try:   aws efs describe-file-systems --endpoint-url %s
        More:  tidefs iam --help

        """,
        key.key().id(), key.secret(), configuration.account().region(), api);
    out.flush();
  }
}
