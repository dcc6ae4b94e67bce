package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
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

  /** Has files moved as long as it is open; the server may be away now and then. */
  private static final class Tides implements AutoCloseable {
    private final AtomicInteger moves = new AtomicInteger();
    private final Thread thread;
    private volatile boolean ends;

    Tides(EfsApi api, long seed) {
      Random random = new Random(seed);
      thread =
          Thread.ofPlatform()
              .start(() -> {
                while (!ends) {
                  String to = CLASSES.get(random.nextInt(CLASSES.size()));
                  if (api.anyFileSystem().filter(id -> api.move(id, to)).isPresent()) {
                    moves.incrementAndGet();
                  }
                  pause();
                }
              });
    }

    private static void pause() {
      try {
        TimeUnit.MILLISECONDS.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      ends = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void nothingAcknowledgedIsLostByKillsWhileFilesMove() {
    String given = System.getProperty("seed", "");
    long seed =
        given.isBlank()
            ? RandomGenerator.getDefault().nextLong() & 0xffffff
            : Long.parseLong(given);
    int kills = Integer.parseInt(System.getProperty("kills", "10"));
    System.err.printf("cold-kills: seed %d%n", seed);
    try (TideFsServer server =
        TideFsServer.create(
            Checkout.logs("cold-kills"),
            LEASE_SECONDS,
            GRACE_SECONDS,
            "storage:\n  move-mibps: 4000\n")) {
      try {
        try (Tides tides = new Tides(server.api(), seed)) {
          CrashRun.Report report = new CrashRun(server, seed, false).run(kills);
          System.err.printf("seed %d: %s, %d tides%n", seed, report, tides.moves.get());
          assertThat(report.acknowledged()).isGreaterThan(50L * kills);
          assertThat(tides.moves.get()).isGreaterThan(kills);
        }
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
    }
  }
}
