package tidefs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import tidefs.crash.SoakRun;

/**
 * A mixed load, restarts included, of which nothing may grow. {@code -Dseconds=} says how long,
 * {@code -Dseed=} replays what the clients do.
 */
final class SoakIT {
  private static final int LEASE_SECONDS = 6;
  private static final int GRACE_SECONDS = 12;
  private static final long SECONDS = 120;

  @Test
  void memoryThreadsDescriptorsAndDiskStayFlat() {
    long seed = Seed.of("soak");
    long seconds = Math.max(SECONDS, Long.parseLong(System.getProperty("seconds", "0")));
    System.err.printf("soak: %d seconds%n", seconds);
    try (TideFsServer server =
        TideFsServer.create(Checkout.logs("soak"), LEASE_SECONDS, GRACE_SECONDS)) {
      try {
        SoakRun.Report report =
            new SoakRun(server, seed, Duration.ofSeconds(seconds), System.err).run();
        System.err.printf(
            "soak: seed %d: %d restarts, %d checks, %d calls acknowledged, nothing lost%n",
            seed, report.restarts(), report.checks(), report.acknowledged());
        assertThat(report.acknowledged()).isGreaterThan(10 * seconds);
        check("from life to life", report.ends());
        check("in one life", report.life());
      } catch (AssertionError e) {
        server.keep();
        throw e;
      }
    }
  }

  private static void check(String when, List<Usage> usages) {
    flat(when, "resident memory, kB", usages, Usage::residentKilobytes, 64 << 10);
    flat(when, "heap, kB", usages, Usage::heapKilobytes, 4 << 10);
    flat(when, "descriptors", usages, Usage::descriptors, 20);
    flat(when, "threads", usages, Usage::threads, 8);
    flat(when, "disk, kB", usages, Usage::diskKilobytes, 64 << 10);
  }

  /** The median of the last third is not above that of the second, but for some slack. */
  private static void flat(
      String when, String what, List<Usage> usages, ToLongFunction<Usage> value, long slack) {
    int third = usages.size() / 3;
    long before = median(usages.subList(third, 2 * third), value);
    long after = median(usages.subList(2 * third, usages.size()), value);
    System.err.printf("soak: %s %s: %d, then %d%n", when, what, before, after);
    assertThat(after).as("%s %s", what, when).isLessThanOrEqualTo(before + before / 10 + slack);
  }

  private static long median(List<Usage> usages, ToLongFunction<Usage> value) {
    return usages.stream().mapToLong(value).sorted().toArray()[usages.size() / 2];
  }
}
