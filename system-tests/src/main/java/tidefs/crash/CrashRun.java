package tidefs.crash;

import java.util.Random;
import tidefs.system.Server;

/**
 * Kills a server again and again at random moments of a mixed load. What the clients do, and when
 * the server dies, follows from a seed.
 */
public final class CrashRun {
  private static final int SHORTEST_MILLIS = 20;
  private static final int LONGEST_MILLIS = 1_500;
  private static final int FSCK_EVERY = 5;
  private static final int ONLINE_EVERY = 10;

  private final Server server;
  private final Random random;
  private final boolean oldClients;
  private final Runnable death;

  /** How often the server was killed and checked, and how much it had acknowledged. */
  public record Report(int kills, int checks, long acknowledged) {}

  /**
   * A run against {@code server}.
   *
   * @param oldClients whether some clients speak 4.0, for whom grace periods last to their end
   */
  public CrashRun(Server server, long seed, boolean oldClients) {
    this(server, seed, oldClients, server::kill);
  }

  /** The same with another way to end the server at once. */
  public CrashRun(Server server, long seed, boolean oldClients, Runnable death) {
    this.death = death;
    this.server = server;
    this.random = new Random(seed);
    this.oldClients = oldClients;
  }

  /** Kills {@code kills} times; throws an {@link AssertionError} at the first promise broken. */
  public Report run(int kills) {
    int checks = 0;
    long acknowledged;
    try (Team team = new Team(server.export(), random, oldClients, 0)) {
      team.connect();
      for (int kill = 0; kill < kills; kill++) {
        team.begin();
        team.work(random.nextInt(SHORTEST_MILLIS, LONGEST_MILLIS));
        if (kill % ONLINE_EVERY == 0) {
          server.checkServed();
        }
        team.endBy(death);
        if (random.nextInt(FSCK_EVERY) == 0) {
          server.checkStored();
          checks++;
        }
        server.restart();
        team.recover();
      }
      acknowledged = team.acknowledged();
    } catch (AssertionError e) {
      server.dumpThreads();
      throw e;
    }
    server.stopAndCheck();
    return new Report(kills, checks + 1, acknowledged);
  }
}
