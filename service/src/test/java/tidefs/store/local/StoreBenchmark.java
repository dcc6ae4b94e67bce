package tidefs.store.local;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.store.Batch;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;

/** Measures the local drivers: {@code StoreBenchmark DIRECTORY SECONDS}. */
public final class StoreBenchmark {
  private static final Clock CLOCK = Clock.system();

  private final PrintStream out;
  private final long nanos;

  private StoreBenchmark(PrintStream out, double seconds) {
    this.out = out;
    this.nanos = (long) (seconds * 1e9);
  }

  /** What is measured, for the {@code n}-th time by thread {@code thread}. */
  private interface Step {
    void run(int thread, long n);
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "bench");
    StoreBenchmark bench = new StoreBenchmark(System.out, Double.parseDouble(arguments[1]));
    try (StoreResources resources = new StoreResources(256L << 20);
        LocalStorage storage =
            LocalStorage.open(
                directory.resolve("data"), resources, CLOCK, Chance.system(), 256L << 20)) {
      try (MetadataStore store = storage.metadata("fs")) {
        bench.metadata(store);
      }
      try (ChunkStore chunks = storage.chunks("fs")) {
        bench.chunks(chunks);
      }
    }
    try (var files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private void metadata(MetadataStore store) {
    byte[] value = new byte[120];
    for (int round = 0; round < 2; round++) { // The first warms up.
      measure(
          "apply of 4 keys, not waiting",
          1,
          (thread, n) -> store.apply(create(thread, n, value), Blocking.ALLOWED));
      store.awaitDurable(store.appliedSequence());
      for (int threads : new int[] {1, 4}) {
        String what = "get from memory, " + threads + " threads";
        measure(what, threads, (_, n) -> store.get(key('I', n % 10_000), Blocking.ALLOWED));
      }
    }
    for (int threads : new int[] {1, 16, 64}) {
      measure(
          "apply of 4 keys, durable, " + threads + " threads",
          threads,
          (thread, n) ->
              store.awaitDurable(store.apply(create(1000 + thread, n, value), Blocking.ALLOWED)));
    }
  }

  private static Batch create(int thread, long n, byte[] value) {
    return new Batch()
        .put(key('I', (long) thread << 40 | n), value)
        .put(key('D', (long) thread << 40 | n * 7919), value)
        .put(key('I', thread), value)
        .put(key('U', thread), value);
  }

  private static byte[] key(char table, long number) {
    return ByteBuffer.allocate(9).put((byte) table).putLong(number).array();
  }

  private void chunks(ChunkStore store) {
    ByteBuffer[] small = new ByteBuffer[64];
    ByteBuffer[] large = new ByteBuffer[64];
    for (int i = 0; i < 64; i++) {
      small[i] = ByteBuffer.allocateDirect(4 << 10);
      large[i] = ByteBuffer.allocateDirect(1 << 20);
    }
    for (int threads : new int[] {1, 4, 1, 4}) {
      measure(
          "write 1 MiB, " + threads + " threads",
          threads,
          (thread, n) ->
              store
                  .write(
                      new ChunkId(thread, 0, (int) (n / 4 % 32)), (int) n % 4 << 20, large[thread])
                  .join());
      measure(
          "read 1 MiB, " + threads + " threads",
          threads,
          (thread, n) ->
              store
                  .read(
                      new ChunkId(thread, 0, (int) (n / 4 % 32)), (int) n % 4 << 20, large[thread])
                  .join());
      measure(
          "read 4 KiB, " + threads + " threads",
          threads,
          (thread, n) ->
              store
                  .read(
                      new ChunkId(thread, 0, (int) (n >> 10 & 15)),
                      (int) (n & 1023) << 12,
                      small[thread])
                  .join());
      measure(
          "write 4 KiB, " + threads + " threads",
          threads,
          (thread, n) ->
              store
                  .write(
                      new ChunkId(thread, 0, (int) (n >> 10 & 15)),
                      (int) (n & 1023) << 12,
                      small[thread])
                  .join());
    }
    for (int threads : new int[] {1, 16, 64}) {
      measure(
          "write 4 KiB in place, FILE_SYNC, " + threads + " threads",
          threads,
          (thread, n) -> durable(store, new ChunkId(thread, 0, 0), (int) n & 1023, small[thread]));
    }
    for (int threads : new int[] {1, 16, 64}) {
      measure(
          "new chunk of 4 KiB, FILE_SYNC, " + threads + " threads",
          threads,
          (thread, n) ->
              durable(store, new ChunkId(1000 + threads, thread, (int) n), 0, small[thread]));
    }
  }

  private static void durable(ChunkStore store, ChunkId chunk, int page, ByteBuffer source) {
    store.write(chunk, page << 12, source).join();
    store.sync(List.of(chunk)).join();
  }

  private void measure(String what, int threads, Step step) {
    AtomicLong count = new AtomicLong();
    long start = CLOCK.monotonicNanos();
    List<Thread> running =
        java.util.stream.IntStream.range(0, threads)
            .mapToObj(
                thread -> Thread.ofPlatform().start(() -> count.addAndGet(loop(thread, step))))
            .toList();
    try {
      for (Thread each : running) {
        each.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    double seconds = (CLOCK.monotonicNanos() - start) / 1e9;
    out.printf(
        "%-50s %,12.0f /s %10.2f us%n",
        what, count.get() / seconds, threads * seconds * 1e6 / count.get());
  }

  private long loop(int thread, Step step) {
    long start = CLOCK.monotonicNanos();
    long n = 0;
    while (CLOCK.monotonicNanos() - start < nanos) {
      step.run(thread, n++);
    }
    return n;
  }
}
