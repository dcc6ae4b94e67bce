package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.size;
import static tidefs.testkit.FileSystemRig.what;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.Clock;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;
import tidefs.store.local.LocalStorage;
import tidefs.testkit.ColdPlace;
import tidefs.testkit.FileSystemRig;

/**
 * Checks a file system on a disk again and again while others change it in all ways: no check finds
 * anything. {@code -Doperations=} says how long, {@code -Dseed=} what is done.
 */
final class LiveCheckLoadTest {
  private static final int THREADS = 3;
  private static final int NAMES = 12;
  private static final int WRITE_BYTES = 1 << 20;
  private static final int LONGEST_BYTES = 3 * ChunkStore.CHUNK_BYTES;
  private static final long MEMORY_BYTES = 32L << 20;

  @TempDir private Path directory;
  private final long seed = Long.getLong("seed", 1);
  private final int operations = Integer.getInteger("operations", 400);

  @Test
  void aFileSystemThatChangesAllTheTimeIsCleanAtEveryCheck() throws Exception {
    try (StoreResources resources = new StoreResources(MEMORY_BYTES);
        LocalStorage storage =
            LocalStorage.open(
                directory, resources, Clock.system(), new Random(seed)::nextBytes, MEMORY_BYTES);
        MetadataStore store = storage.metadata("fs");
        ChunkStore chunks = storage.chunks("fs")) {
      FileSystem fileSystem;
      try (ExecutorService background = Executors.newFixedThreadPool(2)) {
        FileSystemConfig config =
            FileSystemConfig.of(
                    store, chunks, Clock.system(), new Random(seed)::nextBytes, background::execute)
                .withColdPlaces(
                    Map.of(
                        StorageClass.INFREQUENT_ACCESS,
                        new ColdPlace(),
                        StorageClass.ARCHIVE,
                        new ColdPlace()));
        FileSystem.format(config);
        fileSystem = FileSystem.open(config);
        int checks = checkWhileOthersWork(fileSystem);
        assertThat(checks).as("checks").isGreaterThan(1);
        fileSystem.close();
      }
      List<String> problems = new ArrayList<>();
      Fsck.check(store, chunks, problems::add);
      assertThat(problems).as("at rest").isEmpty();
    }
  }

  private int checkWhileOthersWork(FileSystem fileSystem) throws Exception {
    int checks = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> working = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        Random random = new Random(seed + thread);
        working.add(
            threads.submit(() -> {
              for (int i = 0; i < operations; i++) {
                step(fileSystem, random);
              }
            }));
      }
      while (!working.stream().allMatch(Future::isDone)) {
        List<String> problems = new ArrayList<>();
        var _ = fileSystem.check(MEMORY_BYTES).run(problems::add);
        assertThat(problems).as("check %d, seed %d", checks, seed).isEmpty();
        checks++;
      }
      for (Future<?> each : working) {
        each.get();
      }
    }
    return checks;
  }

  private static void step(FileSystem fs, Random random) {
    Operation operation = FileSystemRig.root();
    byte[] one = name("n" + random.nextInt(NAMES));
    byte[] other = name("n" + random.nextInt(NAMES));
    try {
      switch (random.nextInt(12)) {
        case 0, 1 -> fs.create(operation, fs.root(), one, what(FileType.REGULAR, 0644));
        case 2 -> fs.remove(operation, fs.root(), one);
        case 3 -> fs.rename(operation, fs.root(), one, fs.root(), other);
        case 4 -> fs.link(operation, fs.lookup(operation, fs.root(), one), fs.root(), other);
        case 5, 6 -> {
          Inode file = fs.lookup(operation, fs.root(), one);
          long bytes = random.nextInt(4) == 0 ? 0 : random.nextInt(LONGEST_BYTES);
          fs.setAttributes(operation, file, size(bytes), true);
        }
        case 7 -> fs.commit(operation, fs.lookup(operation, fs.root(), one)).join();
        case 8 -> {
          StorageClass target = StorageClass.of(random.nextInt(3));
          Inode file = fs.lookup(operation, fs.root(), one);
          fs.commit(operation, file).join();
          fs.lifecycle().move(file, target, Pace.UNLIMITED);
        }
        default -> append(fs, random, fs.lookup(operation, fs.root(), one));
      }
    } catch (FsException e) {
      assertThat(e).isNotNull(); // An answer like any other: others work on the same names.
    }
  }

  /** Writes some chunks on, without holes. */
  private static void append(FileSystem fs, Random random, Inode file) throws FsException {
    Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    ByteBuffer source = ByteBuffer.allocateDirect(WRITE_BYTES);
    Stability stability = Stability.values()[random.nextInt(3)];
    for (int i = random.nextInt(6); i >= 0; i--) {
      long size = fs.attributes(operation, file).size();
      if (size < LONGEST_BYTES) {
        fs.write(operation, file, size, source.clear(), stability).join();
      }
    }
    if (random.nextBoolean()) {
      long bytes = random.nextInt(8_000);
      source.clear().limit((int) bytes + 1); // A small stable one, which leaves a redo record.
      fs.write(operation, file, bytes, source, Stability.FILE_SYNC).join();
      fs.commit(operation, file).join();
    }
  }
}
