package tidefs.system;

import java.util.random.RandomGenerator;

/** The number that a run of chance can be repeated from. */
final class Seed {
  private static final long MOST = 0xffffff;

  private Seed() {}

  /** That of {@code -Dseed=}, or else one of chance; printed, with {@code what} it is for. */
  static long of(String what) {
    String given = System.getProperty("seed", "");
    long seed =
        given.isBlank() ? RandomGenerator.getDefault().nextLong() & MOST : Long.parseLong(given);
    System.err.printf("%s: seed %d%n", what, seed);
    return seed;
  }
}
