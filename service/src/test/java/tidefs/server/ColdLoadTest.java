package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Clock;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/**
 * Eight clients read and write while every file is moved between the storage classes, again and
 * again. Each compares its own files with a model, and files that never change with what they are.
 * {@code -DloadSeconds=} says how long, {@code -Dseed=} replays what the clients do.
 */
final class ColdLoadTest {
  private static final int CLIENTS = 8;
  private static final int SHARED = 8;
  private static final int LARGEST_WRITE = 200_000;
  private static final int[] SIZES = {900, 4_000, 30_000, 400_000, 4_500_000};
  private static final String[] TIDES = {
    "INFREQUENT_ACCESS", "STANDARD", "ARCHIVE", "INFREQUENT_ACCESS", "ARCHIVE", "STANDARD"
  };

  @TempDir private Path folder;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private volatile boolean over;

  @Test
  void contentsAreRightWhileAllFilesMove() throws Exception {
    long seed = Long.getLong("seed", Clock.system().monotonicNanos() & 0xffffff);
    int seconds = Integer.getInteger("loadSeconds", 4);
    String more = "storage:\n  move-mibps: 4000\n  cold-cache-mib: 8\n";
    try (ServerProcess server = new ServerProcess(folder, more)) {
      String fileSystem = server.create("load", "");
      try (NfsClient client = server.client(fileSystem)) {
        for (int i = 0; i < SHARED; i++) {
          write(client, client.create(client.root(), "shared" + i, 0644), 0, shared(i));
        }
      }
      long until = Clock.system().monotonicNanos() + Duration.ofSeconds(seconds).toNanos();
      List<Worker> workers = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        workers.add(new Worker(server.client(fileSystem), i, new Random(seed + i)));
      }
      int tides = 0;
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        List<Future<?>> running = new ArrayList<>();
        workers.forEach(each -> running.add(threads.submit(each::work)));
        while (Clock.system().monotonicNanos() < until || tides < TIDES.length) {
          server.moveAll(fileSystem, TIDES[tides++ % TIDES.length]);
        }
        over = true;
        for (Future<?> each : running) {
          each.get();
        }
      }
      String moved = server.lifecycle(fileSystem).get("StorageClasses").toString();
      assertThat(server.lifecycle(fileSystem).get("Failures").asLong()).isZero();
      System.err.printf(
          "seed %d: %d tides, %d reads, %d writes; %s%n",
          seed, tides, reads.get(), writes.get(), moved);
      server.kill();
      server.start();
      workers.forEach(each -> each.verifyAfterRestart(server, fileSystem));
      server.stop();
      assertThat(ServerProcess.run("fsck", server.data().toString()))
          .contains(fileSystem + ": clean");
    }
  }

  private static byte[] shared(int number) {
    byte[] bytes = new byte[SIZES[number % SIZES.length]];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private static void write(NfsClient client, OpenFile file, int offset, byte[] bytes)
      throws IOException {
    for (int at = 0; at < bytes.length; at += LARGEST_WRITE) {
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + LARGEST_WRITE));
      client.write(file, offset + at, Stability.UNSTABLE, part);
    }
    client.commit(file.handle());
  }

  private final class Worker {
    private final NfsClient client;
    private final int number;
    private final Random random;
    private final Map<String, byte[]> model = new HashMap<>();
    private final Map<String, OpenFile> open = new HashMap<>();

    Worker(NfsClient client, int number, Random random) {
      this.client = client;
      this.number = number;
      this.random = random;
    }

    Void work() throws IOException {
      for (int i = 0; i < SIZES.length; i++) {
        String name = "c" + number + "-" + i;
        byte[] bytes = new byte[SIZES[i]];
        random.nextBytes(bytes);
        OpenFile file = client.create(client.root(), name, 0644);
        open.put(name, file);
        model.put(name, bytes);
        ColdLoadTest.write(client, file, 0, bytes);
      }
      while (!over) {
        step("c" + number + "-" + random.nextInt(SIZES.length));
      }
      for (String name : model.keySet()) {
        compare(name, client.readAll(open.get(name).handle()), 0, model.get(name).length);
        client.commit(open.get(name).handle());
      }
      client.close();
      return null;
    }

    private void step(String name) throws IOException {
      byte[] bytes = model.get(name);
      int offset = random.nextInt(bytes.length);
      int count = Math.min(bytes.length - offset, 1 + random.nextInt(20_000));
      switch (random.nextInt(5)) {
        case 0 -> change(name, bytes, offset, count, Stability.UNSTABLE);
        case 1 -> change(name, bytes, offset, Math.min(count, 2_000), Stability.FILE_SYNC);
        case 2 -> client.commit(open.get(name).handle());
        case 3 -> {
          int which = random.nextInt(SHARED);
          FileHandle file = client.lookup(client.root(), "shared" + which);
          assertThat(Arrays.equals(client.readAll(file), shared(which)))
              .as("shared%d", which)
              .isTrue();
          reads.incrementAndGet();
        }
        default -> compare(name, client.read(open.get(name), offset, count).bytes(), offset, count);
      }
    }

    private void change(String name, byte[] bytes, int offset, int count, Stability stable)
        throws IOException {
      byte[] part = new byte[count];
      random.nextBytes(part);
      int written = client.write(open.get(name), offset, stable, part).count();
      System.arraycopy(part, 0, bytes, offset, written);
      writes.incrementAndGet();
    }

    private void compare(String name, byte[] found, int offset, int count) {
      byte[] expected = Arrays.copyOfRange(model.get(name), offset, offset + count);
      int wrong = Arrays.mismatch(expected, found);
      assertThat(wrong)
          .as("the first byte of %s from %d that is wrong", name, offset)
          .isEqualTo(-1);
      reads.incrementAndGet();
    }

    /** Everything was committed. */
    void verifyAfterRestart(ServerProcess server, String fileSystem) {
      try (NfsClient again = server.client(fileSystem)) {
        for (String name : model.keySet()) {
          byte[] found = again.readAll(again.lookup(again.root(), name));
          compare(name, found, 0, model.get(name).length);
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
