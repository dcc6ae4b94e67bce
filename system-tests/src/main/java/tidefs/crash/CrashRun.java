package tidefs.crash;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.system.Server;

/**
 * Kills a server again and again at random moments of a mixed load: names, small files, large
 * files, locks, each on 4.1 and 4.0. What the clients do, and when the server dies, follows from a
 * seed.
 */
public final class CrashRun {
  private static final int SHORTEST_MILLIS = 20;
  private static final int LONGEST_MILLIS = 1_500;
  private static final int FSCK_EVERY = 5;

  private final Server server;
  private final Random random;
  private final AtomicLong acknowledged = new AtomicLong();
  private final List<Worker> workers = new ArrayList<>();

  /** What was broken, and how much was asked for again. */
  public record Report(int kills, int checks, long acknowledged) {}

  /**
   * A run against {@code server}.
   *
   * @param oldClients whether some clients speak 4.0, for whom grace periods last to their end
   */
  public CrashRun(Server server, long seed, boolean oldClients) {
    this.server = server;
    this.random = new Random(seed);
    Server.Export export = server.export();
    InetSocketAddress address = new InetSocketAddress(export.address(), export.port());
    LockTable locks = new LockTable();
    for (int minor = oldClients ? 0 : 1; minor <= 1; minor++) {
      workers.add(new FileWorker(setup("names", address, minor), Mix.METADATA));
      workers.add(new FileWorker(setup("small", address, minor), Mix.SMALL_FILES));
      workers.add(new FileWorker(setup("large", address, minor), Mix.LARGE_FILES));
      workers.add(new LockWorker(setup("locks", address, minor), locks));
      workers.add(new LockWorker(setup("more locks", address, minor), locks));
    }
  }

  private Worker.Setup setup(String name, InetSocketAddress address, int minorVersion) {
    return new Worker.Setup(name, address, minorVersion, random.nextLong(), acknowledged);
  }

  /** Kills {@code kills} times; throws an {@link AssertionError} at the first promise broken. */
  public Report run(int kills) {
    int checks = 0;
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      all(threads, Worker::connect);
      for (int kill = 0; kill < kills; kill++) {
        loadAndKill(threads);
        if (random.nextInt(FSCK_EVERY) == 0) {
          server.checkStored();
          checks++;
        }
        server.restart();
        all(threads, Worker::recover);
      }
      for (Worker worker : workers) {
        worker.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.stopAndCheck();
    return new Report(kills, checks + 1, acknowledged.get());
  }

  private void loadAndKill(ExecutorService threads) {
    List<Future<?>> working = new ArrayList<>();
    for (Worker worker : workers) {
      working.add(threads.submit(worker::work));
    }
    try {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    workers.forEach(Worker::serverDies);
    server.kill();
    working.forEach(CrashRun::await);
  }

  private interface Part {
    void run(Worker worker) throws IOException;
  }

  private void all(ExecutorService threads, Part part) {
    List<Future<?>> parts = new ArrayList<>();
    for (Worker worker : workers) {
      parts.add(
          threads.submit(() -> {
            part.run(worker);
            return true;
          }));
    }
    parts.forEach(CrashRun::await);
  }

  private static void await(Future<?> part) {
    try {
      part.get();
    } catch (ExecutionException e) {
      throw new AssertionError("A client is not content", e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
