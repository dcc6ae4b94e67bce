package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tidefs.crash.CrashRun;

/**
 * The server is killed while clients make, rename, link, remove, write, cut and lock; nothing that
 * it acknowledged is lost. {@code -Dkills=} says how often, {@code -Dseed=} replays a run as far as
 * the clients go.
 */
final class KillIT {
  private static final int LEASE_SECONDS = 6;

  /** With clients on 4.0 grace periods last to their end. */
  private static final int GRACE_SECONDS = 15;

  /** Without them they end when all have reclaimed, which takes as long as the machine is busy. */
  private static final int LONGEST_GRACE_SECONDS = 180;

  private static final int OLD_CLIENTS_FROM_KILLS = 20;

  @Test
  void nothingAcknowledgedIsLostByKills() {
    long seed = Seed.of("kills");
    int kills = Integer.parseInt(System.getProperty("kills", "10"));
    boolean oldClients = kills > OLD_CLIENTS_FROM_KILLS;
    int grace = oldClients ? GRACE_SECONDS : LONGEST_GRACE_SECONDS;
    try (TideFsServer server = TideFsServer.create(Checkout.logs("kills"), LEASE_SECONDS, grace)) {
      try {
        CrashRun.Report report = new CrashRun(server, seed, oldClients).run(kills);
        System.err.printf("seed %d: %s%n", seed, report);
        assertThat(report.acknowledged()).isGreaterThan(100L * kills);
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
    }
  }
}
