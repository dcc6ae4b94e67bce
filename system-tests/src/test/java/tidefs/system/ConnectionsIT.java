package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * As many connections to one file system as EFS allows, each a client with a session of its own,
 * are held by the packaged server with its usual heap; and what each of them costs. On a machine
 * whose limit of open files is lower and cannot be raised, as many as the limit allows.
 */
final class ConnectionsIT {
  private static final int CONNECTIONS = 25_000;
  private static final int DESCRIPTORS = 30_000;

  /** What the server, or a client, needs beside its connections. */
  private static final int OTHER_DESCRIPTORS = 600;

  private static final int CLIENT_PROCESSES = 5;
  private static final long MOST_KILOBYTES_EACH = 16;

  @Test
  void allConnectionsOfAFileSystemAreHeld() throws Exception {
    boolean raised = succeeds(prlimit("true"));
    int limit = raised ? DESCRIPTORS : hardLimit();
    int count = Math.min(CONNECTIONS, limit - OTHER_DESCRIPTORS);
    List<String> before = raised ? prlimit() : List.of();
    try (TideFsServer server =
        TideFsServer.create(Checkout.logs("connections"), before, "lease-seconds: 90")) {
      Server.Export export = server.export();
      Usage idle = server.usage();
      List<Process> clients = new ArrayList<>();
      try {
        List<BufferedReader> outputs = new ArrayList<>();
        int connections = 0;
        for (int each = 0; each < CLIENT_PROCESSES; each++) {
          int share = (count - connections) / (CLIENT_PROCESSES - each);
          Process client = client(export, share, each);
          clients.add(client);
          outputs.add(client.inputReader());
          connections += share;
        }
        for (BufferedReader output : outputs) {
          assertThat(output.readLine()).isEqualTo("held");
        }
        Usage held = server.usage();
        int answered = 0;
        for (int each = 0; each < CLIENT_PROCESSES; each++) {
          clients.get(each).outputWriter().append("ask\n").flush();
        }
        for (BufferedReader output : outputs) {
          answered += Integer.parseInt(output.readLine());
        }
        report(count, limit, idle, held);
        assertThat(answered).isEqualTo(count);
        assertThat(held.descriptors()).isGreaterThanOrEqualTo(count);
        assertThat(held.residentKilobytes() - idle.residentKilobytes())
            .isLessThan(count * MOST_KILOBYTES_EACH);
      } finally {
        clients.forEach(Process::destroyForcibly);
      }
      server.stopAndCheck();
    }
  }

  private static void report(int count, int limit, Usage idle, Usage held) {
    System.err.printf(
        "%d connections, each a client with a session (limit of open files: %d): %.1f KiB of the"
            + " server's memory each, %.1f KiB of its heap; %d MiB in all%n",
        count,
        limit,
        (double) (held.residentKilobytes() - idle.residentKilobytes()) / count,
        (double) (held.heapKilobytes() - idle.heapKilobytes()) / count,
        held.residentKilobytes() >> 10);
  }

  private static Process client(Server.Export export, int count, int number) throws IOException {
    return Checkout.process(
            "KILL",
            List.of(
                Checkout.ROOT.resolve("system-tests/clients/hold").toString(),
                export.address(),
                Integer.toString(export.port()),
                Integer.toString(count),
                "127.0.200." + (number + 1)))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<String> prlimit(String... command) {
    List<String> all = new ArrayList<>();
    all.add("prlimit");
    all.add("--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS);
    all.addAll(List.of(command));
    return all;
  }

  private static boolean succeeds(List<String> command) throws Exception {
    return new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static int hardLimit() throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", "ulimit -Hn").start();
    try (BufferedReader output = shell.inputReader()) {
      return Integer.parseInt(output.readLine());
    }
  }
}
