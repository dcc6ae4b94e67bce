package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tidefs.crash.CrashRun;

/**
 * The server is killed while clients work and all files are moved between the storage classes again
 * and again; nothing that it acknowledged is lost. {@code -Dkills=} says how often.
 */
final class ColdKillsIT {
  private static final int LEASE_SECONDS = 6;
  private static final int GRACE_SECONDS = 15;
  private static final List<String> CLASSES =
      List.of("INFREQUENT_ACCESS", "STANDARD", "ARCHIVE", "INFREQUENT_ACCESS", "ARCHIVE");

  @Test
  void nothingAcknowledgedIsLostByKillsWhileFilesMove() {
    long seed = Seed.of("cold-kills");
    int kills = Integer.parseInt(System.getProperty("kills", "10"));
    try (TideFsServer server =
        TideFsServer.create(
            Checkout.logs("cold-kills"),
            LEASE_SECONDS,
            GRACE_SECONDS,
            "storage:\n  move-mibps: 4000\n")) {
      try {
        Random random = new Random(seed);
        EfsApi api = server.api();
        try (Meanwhile tides = new Meanwhile(() -> tide(api, random))) {
          CrashRun.Report report = new CrashRun(server, seed, false).run(kills);
          System.err.printf("seed %d: %s, %d tides%n", seed, report, tides.count());
          assertThat(report.acknowledged()).isGreaterThan(50L * kills);
          assertThat(tides.count()).isGreaterThan(kills);
        }
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
    }
  }

  /** Has all files moved to a class; false if the server is away. */
  private static boolean tide(EfsApi api, Random random) throws InterruptedException {
    String to = CLASSES.get(random.nextInt(CLASSES.size()));
    boolean moved = api.anyFileSystem().filter(id -> api.move(id, to)).isPresent();
    TimeUnit.MILLISECONDS.sleep(5);
    return moved;
  }
}
