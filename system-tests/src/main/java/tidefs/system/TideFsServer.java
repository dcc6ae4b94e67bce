package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packaged TideFS on free ports, with a data directory of its own. */
public final class TideFsServer implements Server {
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofSeconds(60);

  private final Path scratch;
  private final Path log;
  private final int nfsPort;
  private final List<String> before;
  private final EfsApi api;
  private @Nullable Process process;
  private boolean sound = true;
  private @Nullable PrivateDisk disk;

  private TideFsServer(Path scratch, Path logs, EfsApi api, int nfsPort, List<String> before) {
    this.scratch = scratch;
    this.before = before;
    this.log = logs.resolve("server.log");
    this.nfsPort = nfsPort;
    this.api = api;
  }

  /** Starts a server with an empty data directory; its log goes to {@code logs/server.log}. */
  public static TideFsServer create(Path logs) {
    return create(logs, 10, 15);
  }

  /** The same, with a lease and a grace period for clients that recover faster than a kernel. */
  public static TideFsServer create(Path logs, int leaseSeconds, int graceSeconds) {
    return create(logs, leaseSeconds, graceSeconds, "");
  }

  /** The same, with more sections of the configuration than {@code nfs}. */
  static TideFsServer create(Path logs, int leaseSeconds, int graceSeconds, String sections) {
    int port = Checkout.freePort();
    return create(logs, port, timing(port, leaseSeconds, graceSeconds) + sections);
  }

  /** A short lease and grace period: tests wait for both. */
  private static String timing(int port, int leaseSeconds, int graceSeconds) {
    return """
    nfs:
      port: %d
      lease-seconds: %d
      grace-seconds: %d
    """
        .formatted(port, leaseSeconds, graceSeconds);
  }

  /** The same with its data on a disk of its own. */
  public static TideFsServer onDisk(Path logs, int leaseSeconds, int graceSeconds, int megabytes) {
    int port = Checkout.freePort();
    try {
      TideFsServer server =
          prepare(logs, port, timing(port, leaseSeconds, graceSeconds), List.of());
      server.disk = PrivateDisk.create(server.scratch, megabytes);
      server.restart();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same.
   *
   * @param before what comes before the server's own command, as a change of its limits
   * @param nfs lines of the configuration of NFS
   */
  static TideFsServer create(Path logs, List<String> before, String... nfs) {
    int port = Checkout.freePort();
    String lines = String.join("\n  ", nfs);
    return create(logs, port, "nfs:\n  port: %d\n  %s\n".formatted(port, lines), before);
  }

  /** A server with this configuration, whose {@code nfs.port} is {@code nfsPort}. */
  static TideFsServer create(Path logs, int nfsPort, String configuration) {
    return create(logs, nfsPort, configuration, List.of());
  }

  private static TideFsServer create(
      Path logs, int nfsPort, String configuration, List<String> before) {
    try {
      TideFsServer server = prepare(logs, nfsPort, configuration, before);
      server.restart();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String region(String configuration) {
    return configuration
        .lines()
        .filter(line -> line.startsWith("region: "))
        .map(line -> line.substring("region: ".length()))
        .findFirst()
        .orElse("us-east-1");
  }

  private static TideFsServer prepare(
      Path logs, int nfsPort, String configuration, List<String> before) throws IOException {
    Checkout.build();
    Path scratch = Files.createTempDirectory("tidefs-system-");
    URI endpoint = URI.create("http://127.0.0.1:" + Checkout.freePort());
    EfsApi api = new EfsApi(endpoint, region(configuration));
    Files.writeString(scratch.resolve("tidefs.yaml"), configuration);
    return new TideFsServer(scratch, logs, api, nfsPort, before);
  }

  /** Where its API is. */
  URI endpoint() {
    return api.endpoint();
  }

  /** The port of its NFS listeners. */
  int nfsPort() {
    return nfsPort;
  }

  /** Its API. */
  EfsApi api() {
    return api;
  }

  /** Its data directory. */
  Path data() {
    PrivateDisk own = disk;
    return own == null ? scratch.resolve("data") : own.mountPoint().resolve("data");
  }

  /** A command, with the disk mounted for it if there is one. */
  private List<String> mounted(List<String> command) {
    PrivateDisk own = disk;
    return own == null ? command : own.mounted(command);
  }

  /**
   * Takes the power from the server's disk, and ends the process, which can say nothing more after
   * that: what it had not synced is lost.
   */
  public void cutPower() {
    Process running = process;
    PrivateDisk own = disk;
    if (running == null || own == null) {
      throw new IllegalStateException("no server runs on a disk of its own");
    }
    own.cutPower(running.pid());
    kill();
    own.awaitDetached();
  }

  @Override
  public Export export() {
    return new Export(api.createExport(), nfsPort, "/", "8.0E");
  }

  @Override
  public void restart() {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Checkout.ROOT.resolve("tidefs").toString(),
            "serve",
            "--config",
            scratch.resolve("tidefs.yaml").toString(),
            "--data",
            data().toString(),
            "--api",
            api.endpoint().getAuthority(),
            "--insecure-api"));
    try {
      Process started =
          Checkout.process("KILL", mounted(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process = started;
      long deadline = System.nanoTime() + START.toNanos();
      while (!api.answers()) {
        if (started.waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("The server ended at its start:\n" + Checkout.tail(log));
        }
        if (System.nanoTime() > deadline) {
          dumpThreads(started);
          throw new AssertionError("The server does not answer:\n" + Checkout.tail(log));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Has the server write to its log what its threads do, for whoever wonders why it hangs. */
  private static void dumpThreads(Process hanging) throws IOException, InterruptedException {
    Process signal = new ProcessBuilder("kill", "-QUIT", Long.toString(hanging.pid())).start();
    if (signal.waitFor() == 0) {
      var _ = hanging.waitFor(5, TimeUnit.SECONDS); // Time to write; it goes on running.
    }
  }

  @Override
  public void kill() {
    Process running = process;
    process = null;
    if (running != null) {
      running.destroyForcibly();
      await(running);
    }
  }

  @Override
  public void stopAndCheck() {
    stop();
    checkStored();
  }

  /** Stops the server in good order. */
  public void stop() {
    Process running = process;
    if (running != null) {
      sound = false;
      running.destroy();
      assertThat(await(running)).as("exit status of the server after SIGTERM").isIn(0, 143);
      process = null;
    }
  }

  /** What the process takes of the machine now. */
  public Usage usage() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("the server does not run");
    }
    return Usage.of(running, data());
  }

  @Override
  public void dumpThreads() {
    Process running = process;
    if (running != null && running.isAlive()) {
      ThreadDump.write(running, log.resolveSibling("threads.txt"));
    }
  }

  /** {@code tidefs fsck --online} is clean, whatever clients do meanwhile. */
  @Override
  public void checkServed() {
    Path report = log.resolveSibling("fsck-online.log");
    List<String> check =
        List.of(
            Checkout.ROOT.resolve("tidefs").toString(),
            "fsck",
            "--online",
            "--endpoint-url",
            api.endpoint().toString(),
            api.anyFileSystem().orElseThrow());
    try {
      Process running =
          Checkout.process("KILL", check)
              .redirectErrorStream(true)
              .redirectOutput(report.toFile())
              .start();
      assertThat(running.waitFor()).as("%s:\n%s", check, Checkout.tail(report)).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** {@code tidefs fsck} of the data directory is clean. */
  @Override
  public void checkStored() {
    long _ = checkTakes(STOP);
  }

  /** The same within a time of one's own; returns how many kilobytes of memory it took. */
  long checkTakes(Duration limit) {
    sound = false;
    Path report = log.resolveSibling("fsck.log");
    long largest = 0;
    try {
      Process fsck =
          Checkout.process(
                  "KILL",
                  mounted(
                      List.of(
                          Checkout.ROOT.resolve("tidefs").toString(), "fsck", data().toString())))
              .redirectErrorStream(true)
              .redirectOutput(report.toFile())
              .start();
      long deadline = System.nanoTime() + limit.toNanos();
      while (!fsck.waitFor(100, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
        largest = Math.max(largest, Usage.residentKilobytes(fsck));
      }
      assertThat(await(fsck)).as("tidefs fsck %s:\n%s", data(), Checkout.tail(report)).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    sound = true;
    return largest;
  }

  /** Leaves the data directory where it is, for whoever looks into a failure. */
  public void keep() {
    sound = false;
  }

  private int await(Process ending) {
    try {
      if (!ending.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        ending.destroyForcibly();
        throw new AssertionError("Did not end within " + STOP + ":\n" + Checkout.tail(log));
      }
      return ending.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      if (sound) {
        Checkout.deleteTree(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
