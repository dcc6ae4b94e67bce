package tidefs.crash;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.nfs4.op.FileHandle;
import tidefs.system.Server;

/** Four clients on the same few names of one directory, with kills of the server in between. */
public final class LinearizabilityRun {
  private static final int CLIENTS = 4;

  private final Server server;
  private final Random random;
  private final History history = new History();
  private final List<NameWorker> workers = new ArrayList<>();

  /** What was checked. */
  public record Report(int kills, long calls) {}

  /** The numbers of files, for the history, by their handles. */
  static final class Files {
    private final Map<FileHandle, Long> numbers = new HashMap<>();
    private final List<FileHandle> handles = new ArrayList<>();

    synchronized long number(FileHandle handle) {
      Long known = numbers.get(handle);
      if (known != null) {
        return known;
      }
      handles.add(handle);
      numbers.put(handle, (long) handles.size());
      return handles.size();
    }

    /** One of the files that were met last; 0 if there are none. */
    synchronized long recent(Random random) {
      return Math.max(0, handles.size() - random.nextInt(6));
    }

    synchronized FileHandle handle(long number) {
      return handles.get((int) number - 1);
    }
  }

  /** A run against {@code server}. */
  public LinearizabilityRun(Server server, long seed) {
    this.server = server;
    this.random = new Random(seed);
    Server.Export export = server.export();
    InetSocketAddress address = new InetSocketAddress(export.address(), export.port());
    Files files = new Files();
    AtomicLong tags = new AtomicLong();
    for (int i = 0; i < CLIENTS; i++) {
      var setup =
          new Worker.Setup(
              "client " + i, address, i == 0 ? 0 : 1, random.nextLong(), new AtomicLong(), 0);
      workers.add(new NameWorker(setup, history, files, tags));
    }
  }

  /** Works for some seconds in parts, and kills the server after each; then checks the history. */
  public Report run(int seconds, int kills) {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (NameWorker worker : workers) {
        worker.connect();
      }
      for (int kill = 0; kill < kills; kill++) {
        List<Future<?>> working = new ArrayList<>();
        for (NameWorker worker : workers) {
          working.add(threads.submit(worker::work));
        }
        TimeUnit.MILLISECONDS.sleep(seconds * 1_000L / kills - random.nextInt(200));
        workers.forEach(Worker::serverDies);
        server.kill();
        for (Future<?> each : working) {
          each.get();
        }
        history.serverDied();
        server.restart();
        for (NameWorker worker : workers) {
          worker.recover();
        }
      }
      for (NameWorker worker : workers) {
        worker.close();
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError("A client is not content", e.getCause());
    }
    Linearizability.violation(history, NameWorker.NAMES)
        .ifPresent(violation -> {
          throw new AssertionError(violation);
        });
    server.stopAndCheck();
    return new Report(kills, history.events().size() / 2);
  }

  /** The value that eight bytes stand for; 0 for none. */
  static long value(byte[] bytes) {
    return bytes.length < Long.BYTES ? 0 : ByteBuffer.wrap(bytes).getLong();
  }
}
