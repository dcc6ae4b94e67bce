package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tidefs.crash.LinearizabilityRun;

/**
 * Four clients make, remove, rename, link, look up, write and read on four names of one directory,
 * with kills of the server in between; what they are told is what a plain directory would tell.
 * {@code -Dseconds=}, {@code -Dseed=}.
 */
final class LinearizabilityIT {
  private static final int LEASE_SECONDS = 6;
  private static final int GRACE_SECONDS = 6;
  private static final int SECONDS_TO_A_KILL = 5;

  @Test
  void whatClientsAreToldHasOneOrder() {
    long seed = Seed.of("linearizability");
    int seconds = Integer.getInteger("seconds", 10);
    try (TideFsServer server =
        TideFsServer.create(Checkout.logs("linearizability"), LEASE_SECONDS, GRACE_SECONDS)) {
      LinearizabilityRun.Report report =
          new LinearizabilityRun(server, seed)
              .run(seconds, Math.max(1, seconds / SECONDS_TO_A_KILL));
      System.err.printf("seed %d: %s%n", seed, report);
      assertThat(report.calls()).isGreaterThan(10L * seconds);
    }
  }
}
