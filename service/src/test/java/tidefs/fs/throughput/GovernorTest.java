package tidefs.fs.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.fs.throughput.Figures.GIB;
import static tidefs.fs.throughput.Figures.KIB;
import static tidefs.fs.throughput.Figures.MIB;
import static tidefs.fs.throughput.Figures.TIB;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ManualClock;

final class GovernorTest {
  private final ManualClock clock = new ManualClock();
  private final PriorityQueue<Due> timer = new PriorityQueue<>();
  private final List<String> order = new ArrayList<>();

  private record Due(long atNanos, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(atNanos, other.atNanos);
    }
  }

  private Governor governor(Profile profile, Mode mode, long standardBytes, long credits) {
    return new Governor(
        profile,
        new Settings(mode, standardBytes, false),
        credits,
        clock,
        (nanos, task) -> timer.add(new Due(clock.monotonicNanos() + nanos, task)));
  }

  /** Lets {@code duration} pass, and the timer ring in it. */
  private void pass(Duration duration) {
    long end = clock.monotonicNanos() + duration.toNanos();
    while (!timer.isEmpty() && timer.peek().atNanos() <= end) {
      Due due = timer.remove();
      clock.advance(Duration.ofNanos(Math.max(due.atNanos() - clock.monotonicNanos(), 0)));
      due.task().run();
    }
    clock.advance(Duration.ofNanos(end - clock.monotonicNanos()));
  }

  /** A client that keeps so many requests under way; what it has moved. */
  private final class Load {
    private final Governor governor;
    private final String name;
    private final Io io;
    private long moved;

    Load(Governor governor, String name, Io io, int requests) {
      this.governor = governor;
      this.name = name;
      this.io = io;
      for (int i = 0; i < requests; i++) {
        next();
      }
    }

    private void next() {
      // A request that may go at once takes a microsecond, as any does.
      if (governor.admit(name, io, this::done)) {
        timer.add(new Due(clock.monotonicNanos() + 1_000, this::done));
      }
    }

    private void done() {
      moved += io.bytes();
      next();
    }
  }

  private static Io write(long bytes) {
    return new Io(Io.Kind.DATA_WRITE, bytes);
  }

  private static Io read(long bytes) {
    return new Io(Io.Kind.DATA_READ, bytes);
  }

  private static double mibps(long bytes, double seconds) {
    return bytes / seconds / MIB;
  }

  @Test
  void provisionedRateHoldsWhateverTheNumberOfClients() {
    for (int clients : new int[] {1, 4, 16}) {
      Governor governor = governor(Profile.AWS, Mode.Provisioned.ofMibps(20), GIB, 0);
      List<Load> loads = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        loads.add(new Load(governor, "client " + i, write(256 * KIB), 1 + 7 * (i % 3)));
      }
      pass(Duration.ofSeconds(30));
      long all = loads.stream().mapToLong(load -> load.moved).sum();
      assertThat(mibps(all, 30)).isBetween(19.0, 21.0);
      for (Load load : loads) {
        assertThat(mibps(load.moved, 30) * clients / mibps(all, 30)).isBetween(0.9, 1.1);
      }
      timer.clear();
    }
  }

  @Test
  void readsGoThreeTimesAsFast() {
    Governor governor = governor(Profile.AWS, Mode.Provisioned.ofMibps(20), GIB, 0);
    var load = new Load(governor, "reader", read(MIB), 4);
    pass(Duration.ofSeconds(10));
    assertThat(mibps(load.moved, 10)).isBetween(59.0, 62.0);
  }

  @Test
  void oneClientGetsNoMoreThanAClientMay() {
    Governor governor = governor(Profile.AWS, new Mode.Bursting(), 30 * TIB, 1L << 44);
    var one = new Load(governor, "one", write(MIB), 16);
    var two = new Load(governor, "two", write(MIB), 16);
    pass(Duration.ofSeconds(2));
    assertThat(mibps(one.moved, 2)).isBetween(490.0, 530.0);
    assertThat(mibps(two.moved, 2)).isBetween(490.0, 530.0);
  }

  @Test
  void operationsAreLimitedInGeneralPurposeMode() {
    Governor governor = governor(Profile.AWS, new Mode.Bursting(), 30 * TIB, 1L << 44);
    var load = new Load(governor, "one", new Io(Io.Kind.METADATA_WRITE, 100), 64);
    pass(Duration.ofSeconds(2));
    assertThat(load.moved / 100 / 2).isBetween(6_900L, 7_250L);
  }

  @Test
  void burstLastsUntilTheCreditsAreSpentToTheByte() {
    long credits = 100 * MIB * 60;
    Governor governor = governor(Profile.AWS, new Mode.Bursting(), TIB, credits);
    assertThat(governor.allowance().meteredBytesPerSecond()).isEqualTo(100 * MIB);
    long spent = 0;
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 100; i++) {
        spent += governor.admit("one", write(MIB), () -> {}) ? MIB : 0;
        clock.advance(Duration.ofMillis(10));
      }
    }
    assertThat(spent).isEqualTo(credits); // Nothing had to wait.
    // Spent 100 MiB/s for a minute, and earned 50.
    assertThat(governor.creditBytes()).isEqualTo(50 * MIB * 60);
    governor.admit("one", write(governor.creditBytes()), () -> {});
    assertThat(governor.creditBytes()).isZero();
    assertThat(governor.allowance().meteredBytesPerSecond()).isEqualTo(50 * MIB);
  }

  @Test
  void idleDayEarnsTheBaselineToTheByteAndEndsAtTheCap() {
    Governor governor = governor(Profile.AWS, new Mode.Bursting(), 100 * GIB, 0);
    clock.advance(Duration.ofDays(1));
    assertThat(governor.creditBytes()).isEqualTo(5_000 * KIB * 86_400);
    clock.advance(Duration.ofDays(6));
    assertThat(governor.creditBytes()).isEqualTo(2_308_974_418_330L);
  }

  @Test
  void manySmallStepsEarnWhatOneLargeStepDoes() {
    var credits = new BurstCredits(0, 0);
    for (long micros = 7; micros <= 7_000_000; micros += 7) {
      credits.earn(1_234_567, Long.MAX_VALUE, micros * 1_000);
    }
    assertThat(credits.balance()).isEqualTo(1_234_567L * 7);
  }

  @Test
  void elasticThroughputLeavesCreditsAlone() {
    Governor governor = governor(Profile.AWS, new Mode.Elastic(), TIB, 1_000);
    assertThat(governor.admit("one", write(MIB), () -> {})).isTrue();
    clock.advance(Duration.ofHours(1));
    assertThat(governor.creditBytes()).isEqualTo(1_000);
  }

  @Test
  void changeOfModeFreesThoseWhoWait() {
    Governor governor = governor(Profile.AWS, Mode.Provisioned.ofMibps(1), GIB, 0);
    assertThat(governor.admit("one", write(100 * MIB), () -> {})).isTrue();
    assertThat(governor.admit("one", write(MIB), () -> order.add("go"))).isFalse();
    pass(Duration.ofSeconds(99));
    assertThat(order).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(order).containsExactly("go");
  }

  @Test
  void requestsOfOneClientKeepTheirOrder() {
    Governor governor = governor(Profile.AWS, Mode.Provisioned.ofMibps(1), GIB, 0);
    assertThat(governor.admit("one", write(MIB), () -> {})).isTrue();
    for (int i = 0; i < 5; i++) {
      String name = "request " + i;
      assertThat(governor.admit("one", write(MIB), () -> order.add(name))).isFalse();
    }
    assertThat(governor.waiting()).isEqualTo(5);
    pass(Duration.ofSeconds(6));
    assertThat(order)
        .containsExactly("request 0", "request 1", "request 2", "request 3", "request 4");
  }

  @Test
  void whatGoesWithoutAskingIsAccountedForToTheByte() throws Exception {
    Caps wide = new Caps(100 * GIB, 100 * GIB, 100 * GIB, 1_000_000, 1_000_000);
    Governor governor = governor(Profile.custom(wide), new Mode.Bursting(), 10 * TIB, GIB);
    clock.advance(Duration.ofMillis(50));
    long before = governor.creditBytes();
    AtomicLong atOnce = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String name = "client " + i;
        Runnable load =
            () -> {
              for (int n = 0; n < 1_000; n++) {
                if (governor.goesAtOnce(name, write(4 * KIB), clock.monotonicNanos())) {
                  atOnce.incrementAndGet();
                } else {
                  assertThat(governor.admit(name, write(4 * KIB), () -> {})).isTrue();
                }
              }
            };
        running.add(threads.submit(load));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertThat(atOnce).hasValueGreaterThan(2_000);
    assertThat(before - governor.creditBytes()).isEqualTo(4 * 1_000 * 4 * KIB);
  }

  @Test
  void nobodyGoesAheadOfWhoWaits() {
    Governor governor = governor(Profile.AWS, Mode.Provisioned.ofMibps(100), GIB, 0);
    clock.advance(Duration.ofMillis(50));
    assertThat(governor.admit("one", write(4 * KIB), () -> {})).isTrue();
    assertThat(governor.goesAtOnce("one", write(4 * KIB), clock.monotonicNanos())).isTrue();
    assertThat(governor.goesAtOnce("two", write(4 * KIB), clock.monotonicNanos())).isFalse();
    assertThat(governor.admit("two", write(100 * MIB), () -> {})).isTrue();
    assertThat(governor.admit("two", write(4 * KIB), () -> order.add("two"))).isFalse();
    assertThat(governor.goesAtOnce("one", write(4 * KIB), clock.monotonicNanos())).isFalse();
    assertThat(governor.admit("one", write(4 * KIB), () -> order.add("one"))).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(order).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void nobodyWaitsWithoutLimits() {
    Governor governor = governor(Profile.UNLIMITED, Mode.Provisioned.ofMibps(1), GIB, 0);
    for (int i = 0; i < 100; i++) {
      assertThat(governor.admit("one", write(100 * MIB), () -> {})).isTrue();
    }
    assertThat(governor.allowance().meteredBytesPerSecond()).isEqualTo(MIB);
  }
}
