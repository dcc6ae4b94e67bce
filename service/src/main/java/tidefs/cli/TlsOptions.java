package tidefs.cli;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a mount is encrypted, and as whom it comes: options of a command. */
final class TlsOptions {
  @Option(names = "--tls", description = "Encrypts. --access-point and --iam imply it.")
  private boolean tls;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = {
        "Certificate of the authority that the server's must be from; what 'tidefs ca' prints"
            + " on the server (default: ${DEFAULT-VALUE})."
      })
  private Path ca = Path.of("/etc/tidefs/ca.pem");

  @Option(
      names = "--suffix",
      description = {
        "End of the name that the server must prove, FS.efs.REGION.SUFFIX: its tls.suffix"
            + " (default: ${DEFAULT-VALUE})."
      })
  private String suffix = "amazonaws.com";

  @Option(names = "--access-point", paramLabel = "ID", description = "Mounts by an access point.")
  private @Nullable String accessPoint;

  @Option(names = "--iam", description = "Signs with an access key.")
  private boolean iam;

  /** Whether the mount is to be encrypted. */
  boolean wanted() {
    return tls || iam || accessPoint != null;
  }

  String suffix() {
    return suffix;
  }

  /** Refuses what cannot be. */
  void check() {
    if (!wanted()) {
      return;
    }
    if (!Files.isReadable(ca)) {
      throw new CommandException(
          ExitCode.USAGE,
          "cannot read "
              + ca
              + ", the certificate of the server's authority. Get it on the server"
              + " with 'tidefs ca', and name the file with --ca.");
    }
    if (accessPoint != null && !accessPoint.matches("fsap-[0-9a-f]{8,40}")) {
      throw new CommandException(
          ExitCode.USAGE,
          "'"
              + accessPoint
              + "' is not an access point's id, such as"
              + " fsap-0123456789abcdef0.");
    }
    if (iam && (isUnset("AWS_ACCESS_KEY_ID") || isUnset("AWS_SECRET_ACCESS_KEY"))) {
      throw new CommandException(
          ExitCode.USAGE,
          "--iam needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment; sudo keeps"
              + " them with -E.");
    }
  }

  private static boolean isUnset(String name) {
    String value = System.getenv(name);
    return value == null || value.isEmpty();
  }

  /** The arguments of the forwarder for a file system. */
  List<String> forwarder(String fileSystem, InetSocketAddress server, String region) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "forward",
                fileSystem,
                server.getAddress().getHostAddress(),
                Integer.toString(server.getPort()),
                "--ca",
                ca.toAbsolutePath().toString(),
                "--suffix",
                suffix,
                "--region",
                region));
    if (accessPoint != null) {
      arguments.addAll(List.of("--access-point", accessPoint));
    }
    if (iam) {
      arguments.add("--iam");
    }
    return arguments;
  }
}
