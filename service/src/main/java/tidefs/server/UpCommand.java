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
import tidefs.control.MountTarget;
import tidefs.server.config.Configuration;

/** {@code tidefs up}: a server with something to mount. */
@Command(
    name = "up",
    description = {
      "Runs the server like 'serve --insecure-api', makes a file system and a mount target if there"
          + " are none, and says how to mount it.",
    },
    footer = {"", "Example:  tidefs up", "          tidefs up --data ~/tidefs"})
public final class UpCommand implements Callable<Integer> {
  private static final int NFS_PORT = 2049;

  @Mixin private final ServerOptions options = new ServerOptions();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = options.configuration(true);
    Logging.start(configuration.log());
    StopSignal stop = StopSignal.install();
    try (Server server = Server.start(configuration)) {
      MountTarget target = new FirstMountTarget(server.control()).get();
      explain(configuration, server.apiUrl(), target);
      stop.await();
    }
    return ExitCode.OK;
  }

  private void explain(Configuration configuration, String api, MountTarget target) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    int port = configuration.nfs().port();
    String options =
        "nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport"
            + (port == NFS_PORT ? "" : ",port=" + port);
    out.printf(
        """

        TideFS is up. File system %1$s is served at %2$s.

        Mount it:
          sudo mkdir -p /mnt/tidefs
          sudo mount -t nfs4 -o %3$s %2$s:/ /mnt/tidefs

        Use the AWS CLI (any credentials will do):
          export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=%4$s
          aws efs describe-file-systems --endpoint-url %5$s

        Stop it: Ctrl-C here (or SIGTERM). All data stays in %6$s.
        """,
        target.fileSystemId(),
        target.address().getHostAddress(),
        options,
        configuration.account().region(),
        api,
        configuration.data().toAbsolutePath().normalize());
    out.flush();
  }
}
