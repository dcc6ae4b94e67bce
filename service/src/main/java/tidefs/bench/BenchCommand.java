package tidefs.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tidefs.base.Clock;

/** {@code tidefs bench}: load for a server. */
@Command(
    name = "bench",
    description = "Loads an NFS server and measures it.",
    subcommands = BenchCommand.Nfs.class)
public final class BenchCommand {
  private static final long NO_END = Long.MAX_VALUE;
  private static final double NANOS = 1e9;
  private static final long LARGEST_IO = 1 << 20;

  /** A number of bytes, perhaps with a unit. */
  static final class Size implements picocli.CommandLine.ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      int unit = "kMGT".indexOf(text.charAt(text.length() - 1)) + 1;
      String number = unit > 0 ? text.substring(0, text.length() - 1) : text;
      return Long.parseLong(number) << (10 * unit);
    }
  }

  /** What there is to run. */
  private enum Test {
    GETATTR,
    SEQWRITE,
    SEQREAD,
    RANDREAD,
    RANDWRITE,
    SPARSE,
    META
  }

  /** {@code tidefs bench nfs}. */
  @Command(
      name = "nfs",
      description = {
        "Loads an NFSv4.1 server over AUTH_SYS as root, with the compounds of the Linux client, and"
            + " prints a line of JSON for each test or phase. Data that is read is verified.",
        "",
        "Tests: getattr; seqwrite, which makes the files of the others; seqread, randread,"
            + " randwrite; sparse: random writes and reads all over a file without other bytes;"
            + " meta: the names of --files files.",
      },
      footer = {
        "",
        "Example:  tidefs bench nfs -H 127.0.0.1 -j 4 -q 32 -b 4096 randread",
        "",
        "Exit status:  0 all went well; 1 a request failed, or data was wrong.",
      })
  static final class Nfs implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Option(names = "-H", description = "Host (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "-p", description = "Port (default: ${DEFAULT-VALUE}).")
    private int port = 2049;

    @Option(names = "-d", description = "Directory to work in (default: the root).")
    private String path = "/";

    @Option(names = "-j", description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections = 1;

    @Option(names = "-q", description = "Requests in flight on each (default: ${DEFAULT-VALUE}).")
    private int depth = 1;

    @Option(
        names = "-b",
        converter = Size.class,
        description = "Bytes of a READ or WRITE, such as 4k or 1M (default: 4k).")
    private long ioBytes = 4_096;

    @Option(
        names = "-s",
        converter = Size.class,
        description = "Bytes of each file, such as 100G (default: 128M).")
    private long fileBytes = 128L << 20;

    @Option(names = "-t", description = "Seconds of a test (default: ${DEFAULT-VALUE}).")
    private double seconds = 5;

    @Option(
        names = "--warm-up",
        description = {
          "Seconds of the same load before it counts (default: ${DEFAULT-VALUE}).",
          "A JVM has to compile what it runs, this one too."
        })
    private double warmUpSeconds = 1;

    @Option(names = "-n", description = "Files of each connection (default: ${DEFAULT-VALUE}).")
    private int files = 1_000;

    @Option(names = "-S", description = "Stability of WRITE, 0 to 2 (default: ${DEFAULT-VALUE}).")
    private int stable;

    @Option(names = "--report-every", description = "Tell the rate after so many files of each.")
    private int reportEvery;

    @Option(names = "--keep", description = "Leave the files of meta: neither rename nor unlink.")
    private boolean keep;

    @Option(names = "-m", description = "Minor version: 1, the only one.")
    private int minor = 1;

    @Option(names = "-l", description = "A label for the output.")
    private String label = "";

    @Parameters(paramLabel = "TEST", description = "${COMPLETION-CANDIDATES}, in any case.")
    private String test = "";

    @Override
    public Integer call() throws IOException {
      if (minor != 1
          || warmUpSeconds < 0
          || connections < 1
          || depth < 1
          || ioBytes < 1
          || ioBytes > LARGEST_IO) {
        throw new picocli.CommandLine.ParameterException(
            Objects.requireNonNull(spec).commandLine(), "a number is out of range");
      }
      Load load =
          new Load(
              path,
              connections,
              depth,
              (int) ioBytes,
              fileBytes,
              seconds,
              files,
              stable,
              reportEvery);
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      Clock clock = Clock.system();
      String client = "tidefs-bench-" + ProcessHandle.current().pid();
      List<Worker> workers = new ArrayList<>();
      try (ExecutorService threads =
          Executors.newThreadPerTaskExecutor(
              Thread.ofPlatform().daemon().stackSize(512 << 10).name("bench-", 0).factory())) {
        for (int i = 0; i < connections; i++) {
          workers.add(
              new Worker(
                  new InetSocketAddress(host, port),
                  load,
                  clock,
                  i,
                  client,
                  line -> print(out, line)));
        }
        Test what = chosen();
        Run run = new Run(workers, threads, clock, load, line -> print(out, line), label);
        run.warmUp(what, warmUpSeconds);
        boolean clean = run.run(what, keep);
        return clean ? 0 : 1;
      } finally {
        for (Worker worker : workers) {
          worker.close();
        }
      }
    }

    private Test chosen() {
      for (Test each : Test.values()) {
        if (each.name().equalsIgnoreCase(test)) {
          return each;
        }
      }
      throw new picocli.CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), "no such test: " + test);
    }
  }

  private static synchronized void print(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  /** The phases of a test, each on all connections at once. */
  private record Run(
      List<Worker> workers,
      ExecutorService threads,
      Clock clock,
      Load load,
      Consumer<String> out,
      String label) {
    /** The same for so long, without a word about it; of names and new files, on others. */
    void warmUp(Test test, double seconds) {
      if (seconds == 0) {
        return;
      }
      Run quiet = new Run(workers, threads, clock, load.warmUp(seconds), _ -> {}, label);
      long end = clock.monotonicNanos() + (long) (seconds * NANOS);
      switch (test) {
        case GETATTR, SEQREAD, RANDREAD, RANDWRITE, SPARSE -> {
          boolean _ = quiet.run(test, false);
        }
        case META -> {
          while (clock.monotonicNanos() < end) {
            boolean _ = quiet.names("warm-up-", false);
          }
        }
        case SEQWRITE -> {
          Run small = new Run(workers, threads, clock, load.small(), _ -> {}, label);
          while (clock.monotonicNanos() < end) {
            boolean _ = small.phase("", false, w -> small.content(w, "warm-up", true, true, true));
          }
          workers.forEach(w -> w.remove("warm-up"));
        }
      }
    }

    boolean run(Test test, boolean keep) {
      return switch (test) {
        case GETATTR -> phase("getattr", true, w -> new AttributeTask(w.session(), w.own("d")));
        case SEQWRITE -> phase("seqwrite", false, w -> content(w, true, true, true));
        case SEQREAD -> phase("seqread", true, w -> content(w, false, true, false));
        case RANDREAD -> phase("randread", true, w -> content(w, false, false, false));
        case RANDWRITE -> phase("randwrite", true, w -> content(w, true, false, false));
        case SPARSE -> phase("sparse randwrite", true, w -> content(w, true, false, false));
        case META -> names("names-", keep);
      };
    }

    private Task content(Worker worker, boolean writes, boolean inOrder, boolean once) {
      return content(worker, "file", writes, inOrder, once);
    }

    private Task content(
        Worker worker, String name, boolean writes, boolean inOrder, boolean once) {
      Reply file = worker.openFile(name, writes);
      return new ContentTask(worker.session(), file, load, writes, inOrder, once);
    }

    private boolean names(String kind, boolean keep) {
      boolean clean = true;
      String directory = kind + ProcessHandle.current().pid() + "-";
      for (NameTask.Phase each : NameTask.Phase.values()) {
        if (each == NameTask.Phase.RENAME) {
          clean &=
              phase(
                  "readdir", false, w -> new ListTask(w.session(), w.own(directory), load.files()));
          if (keep) {
            return clean;
          }
        }
        clean &=
            phase(
                each.title(), false, w -> new NameTask(w.session(), w.own(directory), load, each));
      }
      workers.forEach(w -> w.remove(directory));
      return clean;
    }

    /** Runs what {@code task} makes on every connection, and tells of it. */
    private boolean phase(String title, boolean timed, Function<Worker, Task> task) {
      List<Task> tasks = workers.stream().map(task).toList();
      long from = clock.monotonicNanos();
      long deadline = timed ? from + (long) (load.seconds() * NANOS) : NO_END;
      List<Future<Result>> running = new ArrayList<>();
      for (int i = 0; i < tasks.size(); i++) {
        Worker worker = workers.get(i);
        Task its = tasks.get(i);
        running.add(threads.submit(() -> worker.work(its, deadline)));
      }
      List<Result> results = new ArrayList<>();
      for (Future<Result> each : running) {
        results.add(await(each));
      }
      long nanos = clock.monotonicNanos() - from;
      out.accept(Result.json(label, title, load, results, nanos));
      return Result.areClean(results);
    }

    private static Result await(Future<Result> result) {
      try {
        return result.get();
      } catch (ExecutionException e) {
        throw new BenchFailure("a connection failed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BenchFailure("interrupted", e);
      }
    }
  }
}
