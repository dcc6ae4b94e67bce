package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.NewAttributes;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/** {@code tidefs fsck --online} of a server in a process of its own, which clients use. */
final class OnlineCheckTest {
  private static final int CHECKS = 4;
  private static final int WRITERS = 2;
  private static final byte[] LARGE = new byte[100_000];

  @TempDir private Path folder;

  @Test
  void clientsGoOnWhileAFileSystemIsCheckedAndDamageIsFound() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      String id = server.create("checked", "");
      checkUnderLoad(server, id);
      Path chunk;
      try (NfsClient client = server.client(id)) {
        List<Path> before = chunks(server, id);
        write(client, "damaged", LARGE);
        chunk = chunks(server, id).stream().filter(it -> !before.contains(it)).findAny().get();
        Files.delete(chunk);
        assertThat(check(server, id)).contains("1 chunks of it are missing", "DAMAGED");
        client.remove(client.root(), "damaged");
      }
      assertThat(check(server, id)).contains(id + ": clean, ").doesNotContain("missing");
      server.stop();
      assertThat(ServerProcess.run("fsck", server.data().toString())).contains(id + ": clean, ");
    }
  }

  @Test
  void whatCannotBeCheckedIsRefusedWithAReason() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      assertThat(check(server, "fs-0123456789abcdef0")).contains("FileSystemNotFound");
      assertThat(
              ServerProcess.run(
                  "fsck", "--online", "--repair", "--endpoint-url", server.endpoint(), "fs-1"))
          .contains("--online takes the id of one file system");
    }
  }

  private static String check(ServerProcess server, String id) throws IOException {
    return ServerProcess.run("fsck", "--online", "--endpoint-url", server.endpoint(), id);
  }

  private static void checkUnderLoad(ServerProcess server, String id) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<Integer>> writers =
          Stream.iterate(0, i -> i < WRITERS, i -> i + 1)
              .map(i -> threads.submit(() -> work(server, id, "w" + i, end)))
              .toList();
      try {
        for (int i = 0; i < CHECKS; i++) {
          assertThat(check(server, id)).contains(id + ": clean, ").doesNotContain("DAMAGED");
        }
      } finally {
        end.countDown();
      }
      for (Future<Integer> each : writers) {
        assertThat(each.get()).as("files written meanwhile").isPositive();
      }
    }
  }

  /** Writes, cuts and removes files until the end; returns how many. */
  private static int work(ServerProcess server, String id, String name, CountDownLatch end)
      throws Exception {
    Random random = new Random(name.hashCode());
    int files = 0;
    try (NfsClient client = server.client(id)) {
      while (end.getCount() > 0) {
        String file = name + "-" + files++ % 20;
        byte[] bytes = new byte[1 + random.nextInt(LARGE.length)];
        write(client, file, bytes);
        switch (random.nextInt(3)) {
          case 0 -> client.remove(client.root(), file);
          case 1 ->
              client.setattr(
                  client.lookup(client.root(), file),
                  NewAttributes.none().size(random.nextInt(bytes.length)));
          default -> client.rename(client.root(), file, client.root(), name + " last");
        }
      }
    }
    return files;
  }

  private static void write(NfsClient client, String name, byte[] bytes) throws IOException {
    OpenFile file = client.openOrCreate(client.root(), name, NewAttributes.none().mode(0644));
    client.write(file, 0, Stability.UNSTABLE, bytes);
    client.commit(file.handle());
    client.close(file);
  }

  private static List<Path> chunks(ServerProcess server, String id) throws IOException {
    try (Stream<Path> all = Files.walk(server.data().resolve(id).resolve("chunks"))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
