package tidefs.crash;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tidefs.system.TideFsServer;
import tidefs.system.Usage;

/**
 * Hours of a mixed load at a bounded rate. In the first half the server is stopped or killed every
 * few minutes, and must be as large at the end of its last life as it was in an early one; in the
 * second half it lives on, and must not grow. It is checked while it serves, each time it is
 * measured.
 */
public final class SoakRun {
  private static final int LONGEST_PAUSE_MILLIS = 500;
  private static final int LIVES = 12;
  private static final int FSCK_EVERY = 3;
  private static final int SAMPLES = 60;

  private final TideFsServer server;
  private final Random random;
  private final Duration duration;
  private final PrintStream log;
  private final long began = System.nanoTime();

  /**
   * What a run came to.
   *
   * @param ends the usage at the ends of the lives in the first half
   * @param life the usage during the second half, one life
   */
  public record Report(
      int restarts, int checks, long acknowledged, List<Usage> ends, List<Usage> life) {}

  /** A run of some length; {@code log} is told how it goes on. */
  public SoakRun(TideFsServer server, long seed, Duration duration, PrintStream log) {
    this.server = server;
    this.random = new Random(seed);
    this.duration = duration;
    this.log = log;
  }

  /** Works; throws an {@link AssertionError} at the first promise broken. */
  public Report run() {
    int checks = 0;
    List<Usage> ends = new ArrayList<>();
    List<Usage> life = new ArrayList<>();
    long part = duration.toMillis() / 2;
    long acknowledged;
    try (Team team = new Team(server.export(), random, true, LONGEST_PAUSE_MILLIS)) {
      team.connect();
      for (int i = 0; i < LIVES; i++) {
        team.begin();
        team.work(part / LIVES / 2 + random.nextLong(part / LIVES));
        ends.add(sample("end of life " + i));
        boolean kill = random.nextBoolean();
        team.endBy(kill ? server::kill : server::stop);
        if (i % FSCK_EVERY == 0) {
          server.checkStored();
          checks++;
        }
        server.restart();
        team.recover();
        note((kill ? "killed" : "stopped") + ", and all is there");
      }
      team.begin();
      for (int i = 0; i < SAMPLES; i++) {
        team.work(part / SAMPLES);
        life.add(sample("long life"));
      }
      team.endBy(server::stop);
      server.checkStored();
      server.restart();
      team.recover();
      acknowledged = team.acknowledged();
    } catch (AssertionError e) {
      server.dumpThreads();
      throw e;
    }
    server.stopAndCheck();
    return new Report(LIVES + 1, checks + 2, acknowledged, ends, life);
  }

  private Usage sample(String when) {
    server.checkServed();
    Usage usage = server.usage();
    note(when + ": " + usage);
    return usage;
  }

  private void note(String text) {
    log.printf("%6d s  %s%n", Duration.ofNanos(System.nanoTime() - began).toSeconds(), text);
  }
}
