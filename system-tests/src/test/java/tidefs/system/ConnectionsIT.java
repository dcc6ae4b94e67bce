package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * As many connections to one file system as EFS allows, each a client with a session of its own,
 * are held by the packaged server; one more is refused; and what each of them costs. Where the
 * limit of open files is lower and cannot be raised, all of it takes place in a virtual machine,
 * whose root can.
 */
final class ConnectionsIT {
  private static final int CONNECTIONS = 25_000;
  private static final int DESCRIPTORS = 30_000;
  private static final int MACHINE_MEBIBYTES = 5_120;
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final long MOST_KILOBYTES_EACH = 16;

  /** Emulated processors side by side do not bear how the usual compiler changes its own code. */
  private static final String EMULATED =
      "TIDEFS_JAVA_OPTS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private static final List<String> RAISED =
      List.of("prlimit", "--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS);

  @Test
  void allConnectionsOfAFileSystemAreHeld() throws Exception {
    List<String> script = new ArrayList<>();
    script.add(Checkout.ROOT.resolve("system-tests/clients/connections").toString());
    script.add(Integer.toString(CONNECTIONS));
    script.addAll(RAISED);
    Map<String, Long> told = canRaise() ? here(script) : inMachine(script);
    report(told);
    assertThat(told).containsEntry("connections", (long) CONNECTIONS).containsEntry("refused", 1L);
    assertThat(told.get("descriptors")).isGreaterThanOrEqualTo(CONNECTIONS);
    assertThat(told.get("resident-kib")).isLessThan(CONNECTIONS * MOST_KILOBYTES_EACH);
  }

  private static boolean canRaise() throws Exception {
    List<String> command = new ArrayList<>(RAISED);
    command.add("true");
    return new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static Map<String, Long> here(List<String> script) throws Exception {
    Process process =
        Checkout.process("KILL", script).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      assertThat(process.waitFor()).as("its exit status").isZero();
      return numbers(line);
    }
  }

  private static Map<String, Long> inMachine(List<String> script) throws Exception {
    buildIfStale();
    Path logs = Checkout.logs("connections");
    List<String> command = new ArrayList<>();
    command.add(Checkout.ROOT.resolve("system-tests/kernel/own-loopback").toString());
    command.addAll(List.of("env", EMULATED));
    command.addAll(script);
    List<String> size = List.of("-c", "4", "-m", Integer.toString(MACHINE_MEBIBYTES));
    try (Machine machine = Machine.start("connections", logs, LIMIT, size, command)) {
      Optional<String> line = machine.nextLine(LIMIT);
      while (line.isPresent() && !line.get().startsWith("connections ")) {
        line = machine.nextLine(LIMIT);
      }
      machine.passes();
      return numbers(line.orElseThrow());
    }
  }

  /** The machine sees the checkout as it is when it boots. */
  private static void buildIfStale() throws Exception {
    String tidefs = Checkout.ROOT.resolve("tidefs").toString();
    Process version =
        new ProcessBuilder(tidefs, "version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(version.waitFor()).as("exit status of tidefs version").isZero();
  }

  private static Map<String, Long> numbers(String line) {
    String[] words = line.split(" ", -1);
    Map<String, Long> numbers = new HashMap<>();
    for (int at = 0; at + 1 < words.length; at += 2) {
      numbers.put(words[at], Long.valueOf(words[at + 1]));
    }
    return numbers;
  }

  private static void report(Map<String, Long> told) {
    long count = told.get("connections");
    System.err.printf(
        "%d connections, each a client with a session: %.1f KiB of the server's resident memory"
            + " each, %.1f KiB of it in its heap, and %.1f KiB of the kernel's for the sockets of"
            + " both ends; %d MiB resident in all; %d s%n",
        count,
        (double) told.get("resident-kib") / count,
        (double) told.get("heap-kib") / count,
        (double) told.get("kernel-kib") / count,
        told.get("all-resident-kib") >> 10,
        told.get("seconds"));
  }
}
