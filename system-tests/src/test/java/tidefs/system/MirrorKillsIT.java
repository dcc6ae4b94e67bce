package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tidefs.crash.CrashRun;
import tools.jackson.databind.JsonNode;

/**
 * The server is killed while clients work on a file system whose contents are in two places, of
 * which one goes away and comes back all the time; nothing that it acknowledged is lost, and in the
 * end both places are the same. {@code -Dkills=} says how often.
 */
final class MirrorKillsIT {
  private static final int LEASE_SECONDS = 6;
  private static final int GRACE_SECONDS = 15;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LONGEST_MILLIS = 4_000;

  @Test
  void nothingAcknowledgedIsLostByKillsWhileAPlaceComesAndGoes() throws Exception {
    long seed = Seed.of("mirror-kills");
    int kills = Integer.parseInt(System.getProperty("kills", "10"));
    Path places = Files.createTempDirectory("tidefs-places-");
    Path far = Files.createDirectory(places.resolve("far"));
    String storage = "storage:\n  standard:\n    - zone: a\n    - directory: " + far + "\n";
    try (TideFsServer server =
        TideFsServer.create(Checkout.logs("mirror-kills"), LEASE_SECONDS, GRACE_SECONDS, storage)) {
      try {
        run(server, far, seed, kills);
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
    }
    Checkout.deleteTree(places);
  }

  private static void run(TideFsServer server, Path far, long seed, int kills) throws Exception {
    CrashRun.Report report;
    Random random = new Random(seed);
    Meanwhile outages = new Meanwhile(() -> outage(far, random));
    try (outages) {
      report = new CrashRun(server, seed, false).run(kills);
    }
    server.restart();
    String id = server.api().anyFileSystem().orElseThrow();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isWhole(server.api().lifecycle(id))) {
      assertThat(System.nanoTime()).as("%s", server.api().lifecycle(id)).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(200);
    }
    server.stopAndCheck();
    int chunks = same(server.data().resolve(id).resolve("chunks"), far.resolve(id + "/chunks"));
    System.err.printf(
        "seed %d: %s, %d outages, %d chunks%n", seed, report, outages.count(), chunks);
    assertThat(report.acknowledged()).isGreaterThan(50L * kills);
    assertThat(outages.count()).isPositive();
  }

  /** Takes a place away and brings it back. */
  private static boolean outage(Path place, Random random)
      throws IOException, InterruptedException {
    Path away = place.resolveSibling("away");
    TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
    Files.move(place, away);
    TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
    Files.move(away, place);
    TimeUnit.MILLISECONDS.sleep(3L * random.nextInt(LONGEST_MILLIS)); // To catch up.
    return true;
  }

  private static boolean isWhole(JsonNode lifecycle) {
    JsonNode places = lifecycle.path("Places");
    return places.size() == 2
        && Stream.of(0, 1).allMatch(i -> places.get(i).path("State").asString().equals("WHOLE"));
  }

  /** How many chunks there are, which are the same in both places. */
  private static int same(Path near, Path far) throws IOException {
    List<Path> chunks = chunks(near);
    assertThat(chunks(far)).isEqualTo(chunks);
    for (Path each : chunks) {
      assertThat(Files.mismatch(near.resolve(each), far.resolve(each)))
          .as("%s", each)
          .isEqualTo(-1);
    }
    return chunks.size();
  }

  private static List<Path> chunks(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(Files::isRegularFile).map(top::relativize).sorted().toList();
    }
  }
}
