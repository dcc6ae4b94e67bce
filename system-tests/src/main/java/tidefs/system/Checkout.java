package tidefs.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where things lie in the checkout that is tested, and what every test needs of the host. */
public final class Checkout {
  static final Path ROOT = root();
  static final Path WORKLOADS = ROOT.resolve("system-tests/workloads");

  private Checkout() {}

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("tidefs"))) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalStateException("Not inside a checkout: no ./tidefs above");
      }
    }
    return at;
  }

  /** Has the server built, if it is not: on a busy machine that takes longer than any start may. */
  static void build() {
    try {
      Process build =
          process("KILL", List.of(ROOT.resolve("tidefs").toString(), "--version"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (build.waitFor() != 0) {
        throw new AssertionError("The server cannot be built; see above");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Where efs-utils lies, which is fetched if it is not there. */
  static Path efsUtils() {
    try {
      Process fetch =
          process("KILL", List.of(ROOT.resolve("system-tests/kernel/efs-utils").toString()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String path = new String(fetch.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (fetch.waitFor() != 0) {
        throw new AssertionError("efs-utils cannot be had; see above");
      }
      return Path.of(path.strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A new, empty directory for the logs of one test. */
  public static Path logs(String test) {
    Path logs = ROOT.resolve("system-tests/target/logs").resolve(test);
    try {
      deleteTree(logs);
      return Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void deleteTree(Path top) throws IOException {
    if (!Files.exists(top)) {
      return;
    }
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A port of 127.0.0.1 that nobody listens on just now. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A process that is killed when the thread that starts it ends, however it ends. Tests start
   * processes on JUnit's thread, which lives as long as the tests.
   */
  static ProcessBuilder process(String signal, List<String> command) {
    return new ProcessBuilder(
        Stream.concat(Stream.of("setpriv", "--pdeathsig", signal), command.stream()).toList());
  }

  /** The last lines of a log, for the message of a failure. */
  static String tail(Path log) {
    try {
      List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
