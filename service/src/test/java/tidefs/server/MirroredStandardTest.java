package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Contents in Standard in two places of different Availability Zones, through a whole server. */
final class MirroredStandardTest {
  private static final int BYTES = 300_000;

  @TempDir private Path folder;
  private Path far;
  private String more;

  @BeforeEach
  void configure() throws IOException {
    far = Files.createDirectory(folder.resolve("far"));
    more =
        """
        storage:
          standard:
            - zone: us-east-1a
            - zone: us-east-1b
              directory: %s
          move-mibps: 1000
        """
            .formatted(far);
  }

  @Test
  void aRegionalFileSystemOutlivesTheAbsenceOfAPlaceAndAOneZoneOneIsInItsZoneAlone()
      throws Exception {
    try (ServerProcess server = new ServerProcess(folder, more)) {
      SeededFiles files = new SeededFiles(server, BYTES);
      String regional = server.create("regional", ",\"Encrypted\":true");
      String near = server.create("near", ",\"AvailabilityZoneName\":\"us-east-1a\"");
      files.write(regional, "before", 1);
      files.write(near, "before", 1);
      assertThat(same(server, regional)).isEqualTo(1);
      assertThat(far.resolve(near)).doesNotExist();
      assertThat(places(server, regional)).containsExactly("WHOLE", "WHOLE");

      Path away = folder.resolve("away");
      Files.move(far, away);
      files.write(regional, "meanwhile", 2);
      assertThat(places(server, regional)).containsExactly("WHOLE", "AWAY");
      server.kill();
      server.start();
      files.check(regional, "meanwhile", 2);
      assertThat(places(server, regional)).containsExactly("WHOLE", "AWAY");
      Files.move(away, far);
      ServerProcess.until(() -> places(server, regional).equals(List.of("WHOLE", "WHOLE")));
      assertThat(same(server, regional)).isEqualTo(2);

      server.stop();
      assertThat(server.fsck()).contains("place " + far.toRealPath(), "WHOLE", "clean");
      loseContents(server.data().resolve(regional).resolve("chunks"));
      server.start();
      files.check(regional, "before", 1);
      files.check(regional, "meanwhile", 2);
    }
  }

  /** The near disk is replaced by an empty one, which is not declared new yet. */
  private static void loseContents(Path chunks) throws IOException {
    DataDirectory.deleteTree(chunks);
    Files.delete(chunks.resolveSibling("place"));
  }

  @Test
  void nothingIsLostWhenTheServerIsKilledAndWhatIsDeletedIsDeletedInAllPlaces() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, more)) {
      SeededFiles files = new SeededFiles(server, BYTES);
      String id = server.create("regional", "");
      for (int round = 0; round < 2; round++) {
        files.write(id, "f" + round, round);
        server.kill();
        assertThat(server.fsck()).contains("clean");
        server.start();
        for (int each = 0; each <= round; each++) {
          files.check(id, "f" + each, each);
        }
      }
      ServerProcess.until(() -> places(server, id).equals(List.of("WHOLE", "WHOLE")));
      assertThat(same(server, id)).isEqualTo(2);
      server.delete(id);
      ServerProcess.until(() -> !Files.exists(far.resolve(id)));
    }
  }

  @Test
  void aFileSystemFromBeforeIsMirroredAndGoesBackToTheDataDirectory() throws Exception {
    try (ServerProcess server = new ServerProcess(folder, "")) {
      SeededFiles files = new SeededFiles(server, BYTES);
      String id = server.create("plain", "");
      files.write(id, "old", 1);
      server.stop();
      String plain = Files.readString(server.config());
      Files.writeString(server.config(), plain + more);
      server.start();
      ServerProcess.until(() -> places(server, id).equals(List.of("WHOLE", "WHOLE")));
      assertThat(same(server, id)).isEqualTo(1);
      files.write(id, "new", 2);
      server.stop();
      Files.writeString(server.config(), plain);
      server.start();
      files.check(id, "old", 1);
      files.check(id, "new", 2);
      assertThat(places(server, id)).isEmpty();
      server.stop();
      assertThat(server.fsck()).contains("clean").doesNotContain("place");
    }
  }

  private static List<String> places(ServerProcess server, String id) {
    List<String> states = new ArrayList<>();
    for (JsonNode each : server.lifecycle(id).path("Places")) {
      states.add(each.path("State").asString());
    }
    return states;
  }

  /** How many chunks there are, which are the same in both places. */
  private int same(ServerProcess server, String id) throws IOException {
    Path near = server.data().resolve(id).resolve("chunks");
    Path other = far.resolve(id).resolve("chunks");
    List<Path> chunks = chunks(near);
    assertThat(chunks(other)).isEqualTo(chunks);
    for (Path each : chunks) {
      assertThat(Files.mismatch(near.resolve(each), other.resolve(each))).isEqualTo(-1);
    }
    return chunks.size();
  }

  private static List<Path> chunks(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(Files::isRegularFile).map(top::relativize).sorted().toList();
    }
  }
}
