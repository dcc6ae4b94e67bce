package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tidefs.crash.CrashRun;

/**
 * The power of the server's disk is taken, as the kernel's file system does it, while clients note
 * what is acknowledged: all of that is there when the disk is mounted again. {@code -Dkills=} says
 * how often, {@code -Dseed=} replays a run as far as the clients go.
 */
final class PowerCutsIT {
  private static final int LEASE_SECONDS = 6;

  /** Ends as soon as all have reclaimed, which takes as long as the machine is busy. */
  private static final int GRACE_SECONDS = 180;

  private static final int DISK_MEGABYTES = 2_048;

  @Test
  void nothingAcknowledgedIsLostByCutsOfThePower() {
    long seed = Seed.of("power cuts");
    int cuts = Integer.parseInt(System.getProperty("kills", "10"));
    try (TideFsServer server =
        TideFsServer.onDisk(
            Checkout.logs("power-cuts"), LEASE_SECONDS, GRACE_SECONDS, DISK_MEGABYTES)) {
      try {
        CrashRun.Report report = new CrashRun(server, seed, false, server::cutPower).run(cuts);
        System.err.printf("power cuts: seed %d: %s%n", seed, report);
        assertThat(report.acknowledged()).isGreaterThan(50L * cuts);
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
    }
  }
}
