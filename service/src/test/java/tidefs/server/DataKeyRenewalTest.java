package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.nfs4.op.Stability;
import tidefs.testkit.NfsClient;
import tidefs.testkit.OpenFile;

/** An encrypted file system gets another data key, and all its files are encrypted with that. */
final class DataKeyRenewalTest {
  private static final int BYTES = 200_000;

  @TempDir private Path folder;

  @Test
  void whatIsWrittenOrMovedAfterwardsHasTheNewKey() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      String id = server.create("secret", ",\"Encrypted\":true");
      write(server, id, "old", 1);
      server.stop();
      Path file = server.data().resolve(id).resolve("data.key");
      byte[] before = Files.readAllBytes(file);
      assertThat(renew(server, id)).contains("a data key of its own");
      byte[] renewed = Files.readAllBytes(file);
      assertThat(Files.readAllLines(file)).hasSize(4).first().isEqualTo("tidefs-key 2");

      server.start();
      read(server, id, "old", 1);
      write(server, id, "new", 2);
      Set<Path> chunks = chunks(server, id);
      server.moveAll(id, "INFREQUENT_ACCESS");
      server.moveAll(id, "STANDARD");
      ServerProcess.until(() -> chunks(server, id).stream().noneMatch(chunks::contains));
      read(server, id, "old", 1);
      read(server, id, "new", 2);
      server.stop();
      assertThat(fsck(server)).contains(id + ": clean");

      Files.write(file, before); // The old key alone opens nothing that was written since.
      assertThat(fsck(server)).contains("encrypted with another key").doesNotContain("clean, 3");
      Files.write(file, renewed);
      assertThat(renew(server, id)).contains("a data key of its own");
      server.start();
      read(server, id, "old", 1);
      read(server, id, "new", 2);
    }
  }

  private static String renew(ServerProcess server, String id) throws IOException {
    return ServerProcess.run(
        "key", "renew", "--config", server.config().toString(), server.data().toString(), id);
  }

  private static String fsck(ServerProcess server) throws IOException {
    return ServerProcess.run(
        "fsck", "--config", server.config().toString(), server.data().toString());
  }

  private static byte[] contents(int seed) {
    byte[] bytes = new byte[BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void write(ServerProcess server, String id, String name, int seed)
      throws Exception {
    try (NfsClient client = server.client(id)) {
      OpenFile file = client.create(client.root(), name, 0600);
      client.write(file, 0, Stability.FILE_SYNC, contents(seed));
      client.close(file);
    }
  }

  private static void read(ServerProcess server, String id, String name, int seed)
      throws Exception {
    try (NfsClient client = server.client(id)) {
      assertThat(client.readAll(client.lookup(client.root(), name))).isEqualTo(contents(seed));
    }
  }

  /** The files of all chunks in Standard. */
  private static Set<Path> chunks(ServerProcess server, String id) throws IOException {
    Path top = server.data().resolve(id).resolve("chunks");
    try (Stream<Path> files = Files.walk(top)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      return all.stream().collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
