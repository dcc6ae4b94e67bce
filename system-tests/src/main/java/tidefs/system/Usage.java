package tidefs.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a server process takes of its machine.
 *
 * @param residentKilobytes its memory
 * @param heapKilobytes of its Java heap, after a collection
 * @param descriptors open files and connections
 * @param threads of the system
 * @param cpuSeconds since its start
 * @param diskKilobytes what its data occupies
 */
public record Usage(
    long residentKilobytes,
    long heapKilobytes,
    long descriptors,
    long threads,
    double cpuSeconds,
    long diskKilobytes) {
  private static final Pattern HEAP = Pattern.compile("heap .*?used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+)");
  private static final double TICKS_PER_SECOND = 100;
  private static final int USER_TICKS = 11; // Of the fields after the name of the program.

  /** The usage of a Java process now, whose garbage is collected for it. */
  static Usage of(Process process, Path data) {
    long pid = process.pid();
    String jcmd = ProcessHandle.of(pid).flatMap(each -> each.info().command()).orElseThrow();
    try {
      Path tools = Path.of(jcmd).resolveSibling("jcmd");
      output(List.of(tools.toString(), Long.toString(pid), "GC.run"));
      String heap = output(List.of(tools.toString(), Long.toString(pid), "GC.heap_info"));
      Path proc = Path.of("/proc", Long.toString(pid));
      String status = Files.readString(proc.resolve("status"));
      String stat = Files.readString(proc.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return new Usage(
          number(RESIDENT, status),
          number(HEAP, heap),
          count(proc.resolve("fd")),
          number(Pattern.compile("Threads:\\s+(\\d+)"), status),
          (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]))
              / TICKS_PER_SECOND,
          Long.parseLong(output(List.of("du", "-sk", data.toString())).split("\\s", 2)[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The memory of any process now; 0 if it has just ended. */
  static long residentKilobytes(Process process) {
    try {
      String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
      Matcher found = RESIDENT.matcher(status);
      return found.find() ? Long.parseLong(found.group(1)) : 0;
    } catch (IOException _) {
      return 0;
    }
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  private static long number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    if (!found.find()) {
      throw new AssertionError("no " + pattern + " in " + text);
    }
    return Long.parseLong(found.group(1));
  }

  /** What a command prints; one that looks at files that come and go may fail and still tell. */
  private static String output(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      process.waitFor(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return printed;
  }
}
