package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A machine in the directory of a mounted file system that performs commands one at a time. */
final class Shell implements AutoCloseable {
  private static final String STATUS = "@status ";
  private static final Duration BOOT = Duration.ofMinutes(3);

  private final Machine machine;

  private Shell(Machine machine) {
    this.machine = machine;
  }

  /** Boots a machine and mounts; does not wait until it is there. */
  static Shell open(String name, Path logs, Duration limit, Server.Export export, String version) {
    return new Shell(Machine.client(name, logs, limit, export, version, List.of("turns")));
  }

  /**
   * Boots a machine that runs {@code script}, which takes commands as the workload "turns" does.
   */
  static Shell of(String name, Path logs, Duration limit, List<String> script) {
    return new Shell(Machine.start(name, logs, limit, script));
  }

  /** What a command printed and its exit status. */
  record Result(String output, int status) {}

  /** Starts a command; {@link #result} tells how it ended. */
  void start(String command) {
    machine.send(command);
  }

  /** What the command started last came to, which must be within {@code limit}. */
  Result result(Duration limit) {
    List<String> lines = new ArrayList<>();
    while (true) {
      Optional<String> line = machine.nextLine(limit);
      assertThat(line).as("more output than %s", lines).isPresent();
      if (line.get().startsWith(STATUS)) {
        return new Result(
            String.join("\n", lines), Integer.parseInt(line.get().substring(STATUS.length())));
      }
      lines.add(line.get());
    }
  }

  /** Whether the command started last is still at it after {@code time}. */
  boolean waits(Duration time) {
    return machine.nextLine(time).isEmpty();
  }

  /** Performs a command, which must succeed, and returns what it printed. */
  String run(String command) {
    start(command);
    Result result = result(BOOT);
    assertThat(result.status()).as("status of %s: %s", command, result.output()).isZero();
    return result.output();
  }

  /** Ends the session in good order: unmounts and turns off. */
  void leave() {
    machine.passes();
  }

  @Override
  public void close() {
    machine.close();
  }
}
