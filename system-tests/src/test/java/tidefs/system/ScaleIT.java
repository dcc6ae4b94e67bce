package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.testkit.Compound;
import tidefs.testkit.Credentials;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.XdrOut;

/**
 * Many files, made over NFS 4.1; then how long a start takes after a kill, and a check of all of
 * them. {@code -Dfiles=} says how many: 10,000,000 take half an hour.
 */
final class ScaleIT {
  private static final int CLIENTS = 4;
  private static final int PIPELINE = 12;
  private static final int FILES_IN_A_DIRECTORY = 10_000;
  private static final Duration START = Duration.ofSeconds(10);

  @Test
  void aServerOfManyFilesStartsAtOnceAndIsChecked() throws Exception {
    int files = Integer.parseInt(System.getProperty("files", "50000"));
    try (TideFsServer server = TideFsServer.create(Checkout.logs("scale"), 30, 30)) {
      Server.Export export = server.export();
      long began = System.nanoTime();
      try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
        List<Callable<Boolean>> makers = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          int number = i;
          makers.add(() -> {
            make(export, number, files / CLIENTS);
            return true;
          });
        }
        for (Future<Boolean> each : threads.invokeAll(makers)) {
          each.get();
        }
      }
      say("%d files made in %s s; %s", files, seconds(began), server.usage());
      server.kill();
      began = System.nanoTime();
      server.restart();
      lookUp(export, files / CLIENTS - 1);
      say("the first file is found %s s after a kill", seconds(began));
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(START);
      server.kill();
      began = System.nanoTime();
      long kilobytes = server.checkTakes(Duration.ofHours(1));
      say("checked in %s s, with at most %d MB of memory", seconds(began), kilobytes >> 10);
    }
  }

  private static void make(Server.Export export, int number, int files) throws IOException {
    try (NfsClient client = connect(export, "maker " + number)) {
      FileHandle directory = client.root();
      Deque<Integer> underWay = new ArrayDeque<>();
      for (int i = 0; i < files; i++) {
        if (i % FILES_IN_A_DIRECTORY == 0) {
          while (!underWay.isEmpty()) {
            succeed(client, underWay.remove());
          }
          directory = client.mkdir(client.root(), directory(number, i), 0755);
        }
        if (underWay.size() == PIPELINE) {
          succeed(client, underWay.remove());
        }
        underWay.add(client.wire().send(creation(client, i % PIPELINE + 1, directory, "f" + i)));
      }
      while (!underWay.isEmpty()) {
        succeed(client, underWay.remove());
      }
    }
  }

  private static void succeed(NfsClient client, int xid) throws IOException {
    assertThat(client.wire().receive(xid).status()).isEqualTo(Status.OK);
  }

  private static String directory(int number, int file) {
    return "d" + number + "-" + file / FILES_IN_A_DIRECTORY;
  }

  private static Compound creation(NfsClient client, int slot, FileHandle directory, String name) {
    XdrOut how = new XdrOut().int32(1).int32(1);
    NewAttributes.none().mode(0644).encode(how);
    return client
        .wire()
        .compound(slot)
        .putFh(directory)
        .open(
            0,
            Share.ACCESS_BOTH,
            Share.DENY_NONE,
            client.wire().clientId(),
            NfsClient.OWNER,
            how,
            new XdrOut().int32(0).text(name))
        .close(0, StateId.CURRENT);
  }

  private static void lookUp(Server.Export export, int file) throws IOException {
    try (NfsClient client = connect(export, "late")) {
      FileHandle directory = client.lookup(client.root(), directory(0, file));
      assertThat(client.stat(client.lookup(directory, "f" + file))).isNotNull();
    }
  }

  private static NfsClient connect(Server.Export export, String name) throws IOException {
    return NfsClient.connect(
        new InetSocketAddress(export.address(), export.port()), 1, Credentials.ROOT, name);
  }

  private static String seconds(long began) {
    return "%.1f".formatted((System.nanoTime() - began) / 1e9);
  }

  private static void say(String text, Object... arguments) {
    System.err.println("scale: " + text.formatted(arguments));
  }
}
