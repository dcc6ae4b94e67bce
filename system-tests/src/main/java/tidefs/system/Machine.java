package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Linux machine under {@code kernel/machine} that runs one script. Its output can be read line by
 * line while it runs, and all of it goes to {@code NAME.output} among the logs.
 */
final class Machine implements AutoCloseable {
  /** Ends the queue of lines: no line has a line break. */
  private static final String END = "\n";

  private static final Duration POWER_OFF = Duration.ofSeconds(20);

  private final String name;
  private final Process process;
  private final BufferedWriter input;
  private final Path output;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private Machine(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.input = process.outputWriter();
    this.output = output;
  }

  /** Boots a machine that runs {@code script}, a command line, for at most {@code limit}. */
  static Machine start(String name, Path logs, Duration limit, List<String> script) {
    return start(name, logs, limit, List.of(), script);
  }

  /** The same, with other options of {@code kernel/machine}, as its size. */
  static Machine start(
      String name, Path logs, Duration limit, List<String> options, List<String> script) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Checkout.ROOT.resolve("system-tests/kernel/machine").toString(),
                "-n",
                name,
                "-l",
                logs.toString(),
                "-t",
                Long.toString(limit.toSeconds())));
    command.addAll(options);
    command.addAll(script);
    try {
      Process process = Checkout.process("TERM", command).redirectErrorStream(true).start();
      Machine machine = new Machine(name, process, logs.resolve(name + ".output"));
      Thread.ofVirtual().start(machine::collect);
      return machine;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Boots a machine that mounts {@code export} and runs a workload on it. */
  static Machine client(
      String name,
      Path logs,
      Duration limit,
      Server.Export export,
      String versions,
      List<String> workload) {
    List<String> script =
        new ArrayList<>(
            List.of(
                Checkout.WORKLOADS.resolve("client").toString(),
                versions,
                export.address(),
                Integer.toString(export.port()),
                export.path()));
    script.addAll(workload);
    return start(name, logs, limit, script);
  }

  private void collect() {
    try (BufferedReader from = process.inputReader();
        BufferedWriter to = Files.newBufferedWriter(output)) {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        to.write(line);
        to.newLine();
        to.flush();
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("(output lost: " + e + ")");
    } finally {
      lines.add(END);
    }
  }

  /** The next line of output; empty if none came within {@code limit} or the output has ended. */
  Optional<String> nextLine(Duration limit) {
    try {
      String line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (END.equals(line)) {
        lines.add(END);
        return Optional.empty();
      }
      return Optional.ofNullable(line);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads until {@code line} comes; false if {@code limit} passed or the output ended before. */
  boolean reaches(String line, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      Optional<String> next = nextLine(Duration.ofNanos(Math.max(0, left)));
      if (next.isEmpty() || next.get().equals(line)) {
        return next.isPresent();
      }
    }
  }

  /** Writes a line to the script's input. */
  void send(String line) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new AssertionError(name + " no longer reads; see " + output, e);
    }
  }

  /** Waits for the script's end, which its time limit bounds; the script must have succeeded. */
  void passes() {
    try {
      input.close();
      int status = process.waitFor();
      assertThat(status)
          .as("exit status of the script in machine %s; %s:\n%s", name, output, tail())
          .isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String tail() {
    for (boolean ended = false; !ended; ) {
      ended = nextLine(POWER_OFF).isEmpty();
    }
    return Checkout.tail(output);
  }

  /** Turns the machine off if it runs: what it had not written to a server is lost. */
  @Override
  public void close() {
    try {
      process.destroy();
      if (!process.waitFor(POWER_OFF.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("Machine " + name + " does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
