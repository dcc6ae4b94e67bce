package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encrypted file system gets another data key, and all its files are encrypted with that. */
final class DataKeyRenewalTest {
  private static final int BYTES = 200_000;

  @TempDir private Path folder;

  @Test
  void whatIsWrittenOrMovedAfterwardsHasTheNewKey() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      SeededFiles files = new SeededFiles(server, BYTES);
      String id = server.create("secret", ",\"Encrypted\":true");
      files.write(id, "old", 1);
      server.stop();
      Path file = server.data().resolve(id).resolve("data.key");
      byte[] before = Files.readAllBytes(file);
      assertThat(renew(server, id)).contains("a data key of its own");
      byte[] renewed = Files.readAllBytes(file);
      assertThat(Files.readAllLines(file)).hasSize(4).first().isEqualTo("tidefs-key 2");

      server.start();
      files.check(id, "old", 1);
      files.write(id, "new", 2);
      Set<Path> chunks = chunks(server, id);
      server.moveAll(id, "INFREQUENT_ACCESS");
      server.moveAll(id, "STANDARD");
      ServerProcess.until(() -> chunks(server, id).stream().noneMatch(chunks::contains));
      files.check(id, "old", 1);
      files.check(id, "new", 2);
      server.stop();
      assertThat(server.fsck()).contains(id + ": clean");

      Files.write(file, before); // The old key alone opens nothing that was written since.
      assertThat(server.fsck()).contains("encrypted with another key").doesNotContain("clean, 3");
      Files.write(file, renewed);
      assertThat(renew(server, id)).contains("a data key of its own");
      server.start();
      files.check(id, "old", 1);
      files.check(id, "new", 2);
    }
  }

  private static String renew(ServerProcess server, String id) throws IOException {
    return ServerProcess.run(
        "key", "renew", "--config", server.config().toString(), server.data().toString(), id);
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
