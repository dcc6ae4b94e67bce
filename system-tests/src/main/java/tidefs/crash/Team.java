package tidefs.crash;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.system.Server;

/**
 * Clients of one export that work at the same time: names, small files, large files, locks, each on
 * 4.1 and perhaps on 4.0. What they do follows from a source of randomness.
 */
final class Team implements AutoCloseable {
  private final List<Worker> workers = new ArrayList<>();
  private final List<Future<?>> working = new ArrayList<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * Clients that are not connected yet.
   *
   * @param oldClients whether some speak 4.0, for whom grace periods last to their end
   * @param longestPauseMillis how long each rests at most after each step
   */
  Team(Server.Export export, Random random, boolean oldClients, int longestPauseMillis) {
    InetSocketAddress address = new InetSocketAddress(export.address(), export.port());
    LockTable locks = new LockTable();
    for (int minor = oldClients ? 0 : 1; minor <= 1; minor++) {
      int version = minor;
      List<Worker.Setup> setups =
          List.of("names", "small", "large", "locks", "more locks").stream()
              .map(name ->
                  new Worker.Setup(
                      name, address, version, random.nextLong(), acknowledged, longestPauseMillis))
              .toList();
      workers.add(new FileWorker(setups.get(0), Mix.METADATA));
      workers.add(new FileWorker(setups.get(1), Mix.SMALL_FILES));
      workers.add(new FileWorker(setups.get(2), Mix.LARGE_FILES));
      workers.add(new LockWorker(setups.get(3), locks));
      workers.add(new LockWorker(setups.get(4), locks));
    }
  }

  /** How many calls were answered so far. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** Connects all for the first time. */
  void connect() {
    all(Worker::connect);
  }

  /** Lets all begin to work. */
  void begin() {
    for (Worker worker : workers) {
      working.add(threads.submit(worker::work));
    }
  }

  /** Lets time go by; throws at once what a client that works is not content with. */
  void work(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (true) {
      working.stream().filter(Future::isDone).forEach(Team::await);
      long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
      if (left <= 0) {
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(Math.min(left, 1_000));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Ends the server by {@code death} while all work, and waits until all have noticed. */
  void endBy(Runnable death) {
    workers.forEach(Worker::serverDies);
    death.run();
    working.forEach(Team::await);
    working.clear();
  }

  /** The server is there again: all ask it for what they were promised. */
  void recover() {
    all(Worker::recover);
  }

  private interface Part {
    void run(Worker worker) throws IOException;
  }

  /** Lets all do their part; who is done keeps its lease until all are. */
  private void all(Part part) {
    List<Future<?>> parts = new ArrayList<>();
    CountDownLatch left = new CountDownLatch(workers.size());
    for (Worker worker : workers) {
      parts.add(
          threads.submit(() -> {
            try {
              part.run(worker);
            } finally {
              left.countDown();
            }
            while (!left.await(1, TimeUnit.SECONDS)) {
              worker.renew();
            }
            return true;
          }));
    }
    parts.forEach(Team::await);
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

  /** Leaves the server. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      for (Worker worker : workers) {
        worker.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
