package tidefs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tidefs.base.Clock;
import tidefs.iam.connect.MountIdentity;

/**
 * {@code tidefs forward}: the process that 'tidefs mount' starts for an encrypted mount. It prints
 * the port it listens on, and ends when the mount is gone.
 */
@Command(
    name = "forward",
    description = "Encrypts one mount; 'tidefs mount' runs it.",
    hidden = true,
    footer = {"", "Example:  tidefs forward fs-0123456789abcdef0 192.0.2.5 2049 --ca ca.pem"})
final class ForwardCommand implements Callable<Integer> {
  private static final long LOOK_NANOS = 5_000_000_000L;

  /** How often the mount must be missed in succession; at first the mount is still to come. */
  private static final int MISSED_AT_FIRST = 24;

  private static final int MISSED_LATER = 3;

  @Parameters(index = "0")
  private String fileSystem = "";

  @Parameters(index = "1")
  private String address = "";

  @Parameters(index = "2")
  private int port;

  @Option(names = "--ca", required = true)
  private Path ca = Path.of("");

  @Option(names = "--suffix")
  private String suffix = "amazonaws.com";

  @Option(names = "--region")
  private String region = "us-east-1";

  @Option(names = "--access-point")
  private @Nullable String accessPoint;

  @Option(names = "--iam")
  private boolean iam;

  /** Where its messages go: removed with the mount, whether it is unmounted or never came. */
  @Option(names = "--log")
  private @Nullable Path log;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    InetSocketAddress server = new InetSocketAddress(address, port);
    String name = fileSystem + ".efs." + region + "." + suffix;
    TlsForwarder forwarder = new TlsForwarder(server, name, ca, identity());
    forwarder.checkServer(); // What it says is read from the log by whoever started this.
    if (log != null) {
      log.toFile().deleteOnExit();
    }
    try (ServerSocket listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> forwarder.serve(listener));
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println(listener.getLocalPort());
      out.flush();
      awaitEnd(listener.getLocalPort());
    }
    return ExitCode.OK;
  }

  private MountIdentity identity() throws GeneralSecurityException {
    Optional<MountIdentity.Key> key =
        iam
            ? Optional.of(
                new MountIdentity.Key(
                    environment("AWS_ACCESS_KEY_ID").orElse(""),
                    environment("AWS_SECRET_ACCESS_KEY").orElse(""),
                    environment("AWS_SESSION_TOKEN")))
            : Optional.empty();
    return MountIdentity.create(fileSystem, Optional.ofNullable(accessPoint), key, region);
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }

  /** Returns when no mount uses the port any more. */
  private static void awaitEnd(int localPort) {
    int patience = MISSED_AT_FIRST;
    for (int missed = 0; missed < patience; ) {
      Instant until = Clock.system().now().plusNanos(LOOK_NANOS);
      while (Clock.system().now().isBefore(until)) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
      boolean there =
          LinuxHost.mounts().stream()
              .anyMatch(mount ->
                  mount.type().startsWith("nfs")
                      && ("," + mount.options() + ",").contains(",port=" + localPort + ","));
      missed = there ? 0 : missed + 1;
      patience = there ? MISSED_LATER : patience;
    }
  }
}
