package tidefs.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the threads of a process do, for whoever looks into a stall. */
final class ThreadDump {
  private static final long BETWEEN_SECONDS = 5;
  private static final long PATIENCE_SECONDS = 30;

  private ThreadDump() {}

  /** Two dumps of a Java process, some seconds apart: threads that work show by their times. */
  static void write(Process process, Path to) {
    try {
      Files.deleteIfExists(to);
      dump(process, to);
      if (!process.waitFor(BETWEEN_SECONDS, TimeUnit.SECONDS)) {
        dump(process, to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void dump(Process process, Path to) throws IOException, InterruptedException {
    long pid = process.pid();
    Path java = Path.of(ProcessHandle.of(pid).flatMap(it -> it.info().command()).orElseThrow());
    String state = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    Files.writeString(to, state, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    Process jcmd =
        new ProcessBuilder(
                List.of(
                    java.resolveSibling("jcmd").toString(),
                    Long.toString(pid),
                    "Thread.print",
                    "-l"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(to.toFile()))
            .start();
    if (!jcmd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      jcmd.destroyForcibly(); // The process is stopped, or not even that thread of it runs.
    }
  }
}
