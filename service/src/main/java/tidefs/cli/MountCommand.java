package tidefs.cli;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidefs mount}: mounts a file system on this host, with nothing but {@code mount.nfs4}. */
@Command(
    name = "mount",
    description = "Mounts a file system on this host, as EFS recommends it.",
    footer = {
      "",
      "Example:  sudo tidefs mount fs-0123456789abcdef0",
      "          sudo tidefs mount fs-0123456789abcdef0:/sub /mnt/sub",
      "          sudo tidefs mount fs-0123456789abcdef0 /mnt/data --tls --ca tidefs-ca.pem",
      "          sudo -E tidefs mount fs-0123456789abcdef0 /mnt/data --ca tidefs-ca.pem \\",
      "               --access-point fsap-0123456789abcdef0 --iam",
      "",
      "The address comes from the server's API, from DNS, or from --address. With TLS a process",
      "of tidefs encrypts between the kernel and the server as long as the mount is there; it",
      "listens on a loopback address. --iam signs with AWS_ACCESS_KEY_ID,",
      "AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Unmount: tidefs unmount DIR",
    })
final class MountCommand implements Callable<Integer> {
  private static final String RECOMMENDED =
      "rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport";
  private static final Path PARENT = Path.of("/mnt");

  @Mixin private final Endpoint endpoint = new Endpoint();
  @Mixin private final TlsOptions tls = new TlsOptions();

  @Parameters(index = "0", paramLabel = "FS[:/PATH]", description = "A file system's id.")
  private String device = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DIR",
      description = "Where to mount it (default: /mnt/FS, which is made).")
  private @Nullable Path directory;

  @Option(
      names = "--address",
      paramLabel = "IP",
      description = "A mount target's address, if neither API nor DNS tell it.")
  private @Nullable String address;

  @Option(names = "--port", description = "The server's NFS port (default: ${DEFAULT-VALUE}).")
  private int port = 2049;

  @Option(names = "--nfs-version", description = "4.1, 4.2 or 4.0 (default: ${DEFAULT-VALUE}).")
  private String version = "4.1";

  @Option(names = "-o", paramLabel = "OPTIONS", description = "More options of mount.nfs4.")
  private @Nullable String more;

  @Spec private @Nullable CommandSpec spec;

  private final Host host;

  MountCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    int colon = device.indexOf(':');
    String fileSystem = colon < 0 ? device : device.substring(0, colon);
    String path = colon < 0 ? "/" : device.substring(colon + 1);
    if (!fileSystem.matches("fs-[0-9a-f]{8,40}") || !path.startsWith("/")) {
      throw wrong(
          "'"
              + device
              + "' is not a file system's id such as fs-0123456789abcdef0,"
              + " nor that with a path, such as fs-0123456789abcdef0:/sub.");
    }
    if (!version.matches("4\\.[012]")) {
      throw wrong("--nfs-version is 4.0, 4.1 or 4.2; the server has no other.");
    }
    tls.check();
    checkHost();
    Path target = target(fileSystem);
    InetSocketAddress server =
        new MountTargetFinder(endpoint, host, tls.suffix())
            .find(fileSystem, Optional.ofNullable(address), port);
    host.check(server);
    mount(fileSystem, path, target, server);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(fileSystem + " is mounted on " + target + (tls.wanted() ? ", encrypted." : "."));
    return ExitCode.OK;
  }

  private void mount(String fileSystem, String path, Path target, InetSocketAddress server) {
    List<String> command = new ArrayList<>(List.of("mount", "-t", "nfs4", "-o"));
    String options = "nfsvers=" + version + "," + RECOMMENDED + (more == null ? "" : "," + more);
    if (!tls.wanted()) {
      command.addAll(
          List.of(
              options + ",port=" + server.getPort(),
              literal(server) + ":" + path,
              target.toString()));
      checkMounted(host.run(command), fileSystem);
      return;
    }
    Host.Forwarder forwarder = host.forward(tls.forwarder(fileSystem, server, endpoint.region()));
    command.addAll(
        List.of(options + ",port=" + forwarder.port(), "127.0.0.1:" + path, target.toString()));
    Host.Result result = host.run(command);
    if (result.status() != 0) {
      host.end(forwarder);
    }
    checkMounted(result, fileSystem);
  }

  private static String literal(InetSocketAddress server) {
    String text = server.getAddress().getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }

  private void checkHost() {
    if (!host.isRoot()) {
      throw failed("only root may mount. Try: sudo tidefs mount " + device);
    }
    if (!host.hasProgram("mount.nfs4")) {
      throw failed(
          "this host has no NFS client (mount.nfs4). Install it: 'apt install nfs-common' on"
              + " Debian and Ubuntu, 'dnf install nfs-utils' on Fedora, Red Hat and Amazon Linux.");
    }
  }

  private Path target(String fileSystem) {
    Path target = directory == null ? PARENT.resolve(fileSystem) : directory.toAbsolutePath();
    if (directory == null) {
      host.makeDirectory(target);
    }
    if (!Files.exists(target)) {
      throw failed(target + " does not exist. Make it first: mkdir -p " + target);
    }
    if (!Files.isDirectory(target)) {
      throw failed(target + " is not a directory.");
    }
    Optional<Host.Mount> there = host.mountedOn(target);
    if (there.isPresent()) {
      throw failed(
          target
              + " is in use: "
              + there.get().source()
              + " is mounted there. Unmount it first"
              + " (tidefs unmount "
              + target
              + "), or choose another directory.");
    }
    return target;
  }

  private void checkMounted(Host.Result result, String fileSystem) {
    if (result.status() == 0) {
      return;
    }
    String said = result.output().strip();
    throw failed((explained(said, fileSystem) + " mount said: " + said).strip());
  }

  private String explained(String said, String fileSystem) {
    if (said.contains("access denied") || said.contains("not permitted")) {
      return "The server lets this client in to nothing: the policy of "
          + fileSystem
          + ", the access point, or the access key. On the server, 'tidefs events' and the log say"
          + " which.";
    }
    if (said.contains("No such file or directory")) {
      return "The path, or the access point's directory, does not exist in the file system.";
    }
    if (said.contains("rotocol not supported")) {
      return "The server does not offer NFS " + version + " (nfs.extensions for 4.2).";
    }
    return said.contains("reset by peer") || said.contains("timed out")
        ? "The server closed the connection or does not answer."
        : "";
  }

  private static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message);
  }

  private static CommandException wrong(String message) {
    return new CommandException(ExitCode.USAGE, message);
  }
}
