package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Credentials;
import tidefs.testkit.NfsClient;
import tidefs.testkit.NfsFailure;
import tidefs.testkit.OpenFile;

/**
 * The disk below the server, a small one of its own, fills up under four writers. They are told so,
 * with that error and no other, and at once; what was acknowledged is there; they can remove files,
 * and once there is space the same connections write on.
 */
final class FullDiskIT {
  private static final int DISK_MEGABYTES = 256;
  private static final int WRITERS = 4;
  private static final int FILE_BYTES = 1 << 20;
  private static final int SMALL_BYTES = 2_000;

  /** Longer than a minute: then the server also tries to write the state of its metadata. */
  private static final long FULL_SECONDS = 70;

  private static final long RECOVERY_SECONDS = 60;

  @Test
  void writersOfAFullDiskAreToldSoAndWriteOnWhenThereIsSpace() throws Exception {
    try (TideFsServer server =
        TideFsServer.onDisk(Checkout.logs("full-disk"), 10, 10, DISK_MEGABYTES)) {
      Server.Export export = server.export();
      List<Writer> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        writers.add(new Writer(export, i));
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
        all(threads, writers, Writer::fill);
        all(threads, writers, Writer::stayFull);
        all(threads, writers, Writer::verify);
        all(threads, writers, Writer::removeHalf);
        all(threads, writers, Writer::writeOn);
        all(threads, writers, Writer::verify);
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
      server.kill();
      server.restart();
      for (Writer writer : writers) {
        writer.returnAfterRestart();
        writer.verify();
        writer.client.close();
      }
      server.stopAndCheck();
    }
  }

  private interface Part {
    void run(Writer writer) throws IOException;
  }

  private static void all(ExecutorService threads, List<Writer> writers, Part part)
      throws Exception {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (Writer each : writers) {
      calls.add(() -> {
        part.run(each);
        return true;
      });
    }
    for (Future<Boolean> each : threads.invokeAll(calls)) {
      each.get();
    }
  }

  private static final class Writer {
    private final NfsClient client;
    private final int number;
    private final Deque<Integer> files = new ArrayDeque<>();
    private int next;
    private int refusals;

    Writer(Server.Export export, int number) throws IOException {
      this.number = number;
      client =
          NfsClient.connect(
              new InetSocketAddress(export.address(), export.port()),
              number % 2,
              Credentials.ROOT,
              "writer " + number);
    }

    /** Writes until there is no space. */
    void fill() throws IOException {
      while (write() == Status.OK) {
        assertThat(next).isLessThan(DISK_MEGABYTES * 1_000);
      }
    }

    /** Goes on trying; every answer is the right one. */
    void stayFull() throws IOException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(FULL_SECONDS);
      while (System.nanoTime() < until) {
        write();
        pause(100);
      }
      assertThat(refusals).as("refusals of writer %d", number).isGreaterThan(1);
    }

    void removeHalf() throws IOException {
      for (int i = files.size() / 2; i > 0; i--) {
        int removed = files.removeFirst();
        client.remove(client.root(), name(removed));
      }
    }

    /** Some files are written within a minute. */
    void writeOn() throws IOException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(RECOVERY_SECONDS);
      for (int written = 0; written < 5; ) {
        if (write() == Status.OK) {
          written++;
        } else {
          assertThat(System.nanoTime()).as("still full").isLessThan(until);
          pause(100);
        }
      }
    }

    void verify() throws IOException {
      for (int file : files) {
        byte[] found = client.readAll(client.lookup(client.root(), name(file)));
        assertThat(Arrays.equals(found, contents(file))).as("contents of %s", name(file)).isTrue();
      }
    }

    void returnAfterRestart() throws IOException {
      client.wire().reconnect();
      client.wire().establish();
      client.wire().reclaimComplete();
    }

    /** Makes one file, large or small, whose contents are acknowledged as stable, or nothing. */
    private Status write() throws IOException {
      int file = next++;
      byte[] contents = contents(file);
      OpenFile open = null;
      try {
        open = client.create(client.root(), name(file), 0644);
        for (int at = 0; at < contents.length; ) {
          at += client.write(open, at, Stability.UNSTABLE, tail(contents, at)).count();
        }
        client.commit(open.handle());
        client.close(open);
        files.add(file);
        return Status.OK;
      } catch (NfsFailure e) {
        assertThat(e.status()).as("writer %d", number).isEqualTo(Status.NOSPC);
        refusals++;
        if (open != null) {
          client.close(open);
          client.remove(client.root(), name(file));
        }
        return e.status();
      }
    }

    private static byte[] tail(byte[] contents, int from) {
      return Arrays.copyOfRange(contents, from, Math.min(contents.length, from + (256 << 10)));
    }

    private byte[] contents(int file) {
      byte[] contents = new byte[file % 3 == 0 ? SMALL_BYTES : FILE_BYTES];
      Arrays.fill(contents, (byte) (31 * file + number));
      return contents;
    }

    private String name(int file) {
      return "w" + number + "-" + file;
    }

    private static void pause(long millis) {
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
