package tidefs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.store.local.LocalJournal;
import tidefs.store.local.NativeFileIo;
import tidefs.store.memory.MemoryJournal;

/** A metadata store: batches of three records, as an unlink writes them, and reads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MetadataStoreBenchmark {
  private static final int KEYS = 100_000;
  private static final int VALUE_BYTES = 120;

  /** Where the journal is. */
  @Param({"memory", "local"})
  public String journal;

  private Path directory;
  private StoreResources resources;
  private MetadataStore store;
  private final byte[] value = new byte[VALUE_BYTES];
  private int next;

  /** Opens a store with some keys. */
  @Setup
  public void open() throws IOException {
    directory = Files.createTempDirectory("jmh");
    resources = new StoreResources(64L << 20);
    Journal its =
        journal.equals("memory")
            ? new MemoryJournal()
            : LocalJournal.open(
                new NativeFileIo(), directory.resolve("journal"), 1, Chance.system());
    store = MetadataStore.open(directory.resolve("state"), its, resources, Clock.system());
    for (int i = 0; i < KEYS; i++) {
      long _ = store.apply(new Batch().put(key(i), value), Blocking.ALLOWED);
    }
  }

  /** Applies a batch; many are under way. */
  @Benchmark
  public long apply() {
    return store.apply(batch(), Blocking.ALLOWED);
  }

  /** Applies a batch and waits until it is on disk. */
  @Benchmark
  public void applyDurably() {
    store.awaitDurable(store.apply(batch(), Blocking.ALLOWED));
  }

  /** Reads a record. */
  @Benchmark
  public Optional<byte[]> get() {
    return store.get(key(next++ % KEYS), Blocking.ALLOWED);
  }

  private Batch batch() {
    int at = next++ % (KEYS - 2);
    return new Batch().put(key(at), value).put(key(at + 1), value).delete(key(KEYS + at));
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(12).putInt(1 << 24).putLong(number).array();
  }

  /** Removes all of it. */
  @TearDown
  public void close() throws IOException {
    store.close();
    resources.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
