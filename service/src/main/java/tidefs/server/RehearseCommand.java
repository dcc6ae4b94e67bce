package tidefs.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import tidefs.cli.Cli;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.server.config.Configuration;
import tidefs.server.config.Options;

/**
 * {@code tidefs rehearse}: a server starts over a new folder, answers a call and stops. The
 * launcher runs it once after a build, while the JVM records which classes that took (JEP 514);
 * later starts find them linked already.
 */
@Command(name = "rehearse", hidden = true, description = "Starts a server for a moment.")
public final class RehearseCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("tidefs-rehearsal-");
    try {
      Options options =
          new Options(
              Optional.of(folder.toString()),
              Optional.of("127.0.0.1:0"),
              Optional.empty(),
              Optional.empty(),
              true);
      try (Server server = Server.start(Configuration.load(Optional.empty(), options))) {
        callApi(server.apiUrl());
      }
    } finally {
      DataDirectory.deleteTree(folder);
    }
    return ExitCode.OK;
  }

  private static void callApi(String url) {
    StringWriter err = new StringWriter();
    PrintWriter out = new PrintWriter(new StringWriter());
    int status = new Cli().run(out, new PrintWriter(err), "subnets", "--endpoint-url", url);
    if (status != ExitCode.OK) {
      throw new CommandException(status, "the API did not answer: " + err);
    }
  }
}
