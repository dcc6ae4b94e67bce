package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tidefs.crash.CrashRun;

/**
 * The server is killed while clients make, rename, link, remove, write, cut and lock; nothing that
 * it acknowledged is lost. {@code -Dkills=} says how often, {@code -Dseed=} replays a run as far as
 * the clients go.
 */
final class KillIT {
  private static final int LEASE_SECONDS = 6;
  private static final int GRACE_SECONDS = 15;

  @Test
  void nothingAcknowledgedIsLostByKills() {
    String given = System.getProperty("seed", "");
    long seed =
        given.isBlank()
            ? RandomGenerator.getDefault().nextLong() & 0xffffff
            : Long.parseLong(given);
    int kills = Integer.parseInt(System.getProperty("kills", "10"));
    System.err.printf("kills: seed %d%n", seed);
    try (TideFsServer server =
        TideFsServer.create(Checkout.logs("kills"), LEASE_SECONDS, GRACE_SECONDS)) {
      try {
        CrashRun.Report report = new CrashRun(server, seed, kills > 20).run(kills);
        System.err.printf("seed %d: %s%n", seed, report);
        assertThat(report.acknowledged()).isGreaterThan(100L * kills);
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
    }
  }
}
