package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.FileHandle;
import tidefs.testkit.NfsClient;

/**
 * Many files, made over NFS 4.1, and a fifth as many more in one directory; then how long a start
 * takes after a kill, and a check of all of them. {@code -Dfiles=} says how many: 10,000,000 take
 * half an hour or more.
 */
final class ScaleIT {
  private static final int CLIENTS = 4;
  private static final int PARTS = 10;
  private static final int FILES_IN_A_DIRECTORY = 10_000;
  private static final double LEAST_RATE = 0.8;
  private static final long HEAP_SLACK_KILOBYTES = 64 << 10;
  private static final long POLL_NANOS = 20_000_000;
  private static final Duration START = Duration.ofSeconds(10);

  private final SoftAssertions all = new SoftAssertions();

  @Test
  void aServerOfManyFilesStaysFastStartsAtOnceAndIsChecked() throws Exception {
    int files = Integer.parseInt(System.getProperty("files", "50000"));
    try (TideFsServer server = TideFsServer.create(Checkout.logs("scale"), 30, 30)) {
      Server.Export export = server.export();
      make(server, export, files);
      directory(export, files / 5);
      server.kill();
      long began = System.nanoTime();
      server.restart();
      lookUp(export, files / CLIENTS - 1, began + START.toNanos());
      Duration start = Duration.ofNanos(System.nanoTime() - began);
      say("the first file is found %.1f s after a kill", start.toMillis() / 1e3);
      all.assertThat(start).as("start after a kill").isLessThan(START);
      server.kill();
      began = System.nanoTime();
      long kilobytes = server.checkTakes(Duration.ofHours(1));
      double seconds = (System.nanoTime() - began) / 1e9;
      say("checked in %.1f s, with at most %d MB of memory", seconds, kilobytes >> 10);
    }
    all.assertAll();
  }

  /** Makes all, a tenth of them at a time as far as one looks. */
  private void make(TideFsServer server, Server.Export export, int files) throws Exception {
    Progress made = new Progress(files / CLIENTS * CLIENTS / PARTS);
    List<Double> rates = new ArrayList<>();
    List<Usage> usages = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> makers = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        Callable<Boolean> maker =
            () -> {
              try {
                make(export, number, files / CLIENTS, made);
                return true;
              } catch (IOException | AssertionError e) {
                made.fail();
                throw e;
              }
            };
        makers.add(threads.submit(maker));
      }
      for (int i = 1; i <= PARTS; i++) {
        double rate = made.rate();
        Usage usage = server.usage();
        say("%d files: the last %d at %.0f a second; %s", i * made.part, made.part, rate, usage);
        rates.add(rate);
        usages.add(usage);
      }
      for (Future<?> each : makers) {
        each.get();
      }
    }
    all.assertThat(rates.getLast())
        .as("files a second, the last tenth; the first: %.0f", rates.getFirst())
        .isGreaterThan(LEAST_RATE * rates.getFirst());
    long half = usages.get(PARTS / 2).heapKilobytes();
    all.assertThat(usages.getLast().heapKilobytes())
        .as("heap, kB; %d with half as many files", half)
        .isLessThan(half + half / 4 + HEAP_SLACK_KILOBYTES);
  }

  /** How fast files are made, part by part. */
  private static final class Progress {
    final int part;
    private final AtomicInteger made = new AtomicInteger();
    private final BlockingQueue<Long> ends = new LinkedBlockingQueue<>();
    private long began = System.nanoTime();

    Progress(int part) {
      this.part = part;
    }

    void one() {
      if (made.incrementAndGet() % part == 0) {
        ends.add(System.nanoTime());
      }
    }

    /** Nobody makes the rest. */
    void fail() {
      for (int i = 0; i < PARTS; i++) {
        ends.add(System.nanoTime());
      }
    }

    /** Waits for the end of the next part; how many a second were made in it. */
    double rate() throws InterruptedException {
      long end = ends.take();
      double seconds = (end - began) / 1e9;
      began = end;
      return part / seconds;
    }
  }

  private static void make(Server.Export export, int number, int files, Progress made)
      throws IOException {
    try (Pipeline pipeline = new Pipeline(export, "maker " + number)) {
      FileHandle directory = pipeline.client().root();
      for (int i = 0; i < files; i++) {
        if (i % FILES_IN_A_DIRECTORY == 0) {
          NfsClient client = pipeline.client();
          directory = client.mkdir(client.root(), directory(number, i), 0755);
        }
        pipeline.create(directory, "f" + i);
        made.one();
      }
      pipeline.finish();
    }
  }

  private void directory(Server.Export export, int entries) throws IOException {
    try (LargeDirectory large = new LargeDirectory(export)) {
      List<LargeDirectory.Directory> few = new ArrayList<>();
      for (int i = 0; i < Math.max(1, entries / FILES_IN_A_DIRECTORY); i++) {
        int first = i / CLIENTS * FILES_IN_A_DIRECTORY;
        few.add(large.find(directory(i % CLIENTS, first), first, FILES_IN_A_DIRECTORY));
      }
      for (LargeDirectory.Comparison each : large.compare(few)) {
        say("%s", each);
        all.assertThat(each.ratio())
            .as("%s with %d entries, to those with few entries", each.what(), entries)
            .isGreaterThan(LEAST_RATE);
      }
    }
  }

  private static String directory(int number, int file) {
    return "d" + number + "-" + file / FILES_IN_A_DIRECTORY;
  }

  private static void lookUp(Server.Export export, int file, long patience) throws IOException {
    try (Pipeline pipeline = connected(export, patience)) {
      NfsClient client = pipeline.client();
      FileHandle directory = client.lookup(client.root(), directory(0, file));
      assertThat(client.stat(client.lookup(directory, "f" + file))).isNotNull();
    }
  }

  /** Connects as soon as the mount target is there. */
  private static Pipeline connected(Server.Export export, long patience) throws IOException {
    while (true) {
      try {
        return new Pipeline(export, "late");
      } catch (ConnectException e) {
        if (System.nanoTime() > patience) {
          throw e;
        }
        LockSupport.parkNanos(export, POLL_NANOS);
      }
    }
  }

  private static void say(String text, Object... arguments) {
    System.err.println("scale: " + text.formatted(arguments));
  }
}
