package tidefs.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.server.tls.Certificates;

/** {@code tidefs ca}. */
@Command(
    name = "ca",
    description = "Prints the certificate that clients need to trust this server's TLS.",
    footer = {
      "",
      "Example:  tidefs ca --data /var/lib/tidefs > /etc/amazon/efs/tidefs-ca.pem",
      "",
      "In /etc/amazon/efs/efs-utils.conf of a client:",
      "  stunnel_cafile = /etc/amazon/efs/tidefs-ca.pem",
    })
public final class CaCommand implements Callable<Integer> {
  @Mixin private final ServerOptions options = new ServerOptions();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Path file = TlsPort.folder(options.configuration(true).data()).resolve(Certificates.CA_FILE);
    try {
      Objects.requireNonNull(spec).commandLine().getOut().print(Files.readString(file));
      return ExitCode.OK;
    } catch (NoSuchFileException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "there is no certificate authority at "
              + file
              + " yet. It is made at the first start of the server; name its folder with --data.",
          e);
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
