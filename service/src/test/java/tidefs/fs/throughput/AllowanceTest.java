package tidefs.fs.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.fs.throughput.Figures.GIB;
import static tidefs.fs.throughput.Figures.KIB;
import static tidefs.fs.throughput.Figures.MIB;
import static tidefs.fs.throughput.Figures.TIB;

import org.junit.jupiter.api.Test;

/** The worked examples of "Amazon EFS performance", section "Bursting throughput". */
final class AllowanceTest {
  private static final long DAY_SECONDS = 86_400;

  private static Allowance bursting(long standardBytes, boolean credits) {
    return of(new Mode.Bursting(), standardBytes, credits);
  }

  private static Allowance of(Mode mode, long standardBytes, boolean credits) {
    return Allowance.of(new Settings(mode, standardBytes, false), Profile.AWS, credits);
  }

  @Test
  void hundredGibDriveFiveMibAndBurstToHundred() {
    assertThat(Allowance.baseline(100 * GIB)).isEqualTo(5_000 * KIB); // "5 MiB/s", rounded there.
    assertThat(bursting(100 * GIB, true).meteredBytesPerSecond()).isEqualTo(100 * MIB);
    assertThat(bursting(100 * GIB, false).meteredBytesPerSecond()).isEqualTo(5_000 * KIB);
    // An idle day earns "432,000 MiB worth of credits": KiB by the thousand there.
    assertThat(Allowance.baseline(100 * GIB) * DAY_SECONDS).isEqualTo(432_000 * 1_000 * KIB);
    // "which can burst at 100 MiB/s for 72 minutes".
    assertThat(432_000 / 100 / 60).isEqualTo(72);
  }

  @Test
  void oneTibDrivesFiftyMibAndBurstsHalfTheDay() {
    assertThat(Allowance.baseline(TIB)).isEqualTo(50 * MIB);
    assertThat(Allowance.burst(TIB)).isEqualTo(100 * MIB);
    long earned = Allowance.baseline(TIB) * DAY_SECONDS;
    assertThat(earned / Allowance.burst(TIB)).isEqualTo(12 * 3_600);
  }

  @Test
  void tenTibDriveFiveHundredMibAndBurstToAThousand() {
    assertThat(Allowance.baseline(10 * TIB)).isEqualTo(500 * MIB);
    assertThat(Allowance.burst(10 * TIB)).isEqualTo(1_000 * MIB);
    assertThat(Allowance.creditCap(10 * TIB)).isEqualTo(10 * 2_308_974_418_330L);
  }

  @Test
  void theLeastBaselineIsOneMib() {
    assertThat(Allowance.baseline(0)).isEqualTo(MIB);
    assertThat(Allowance.baseline(20 * GIB)).isEqualTo(MIB);
    assertThat(Allowance.baseline(21 * GIB)).isEqualTo(1_050 * KIB);
    assertThat(Allowance.creditCap(0)).isEqualTo(2_308_974_418_330L);
  }

  @Test
  void burstsEndAtWhatTheRegionGives() {
    assertThat(bursting(100 * TIB, true).meteredBytesPerSecond()).isEqualTo(3 * GIB);
  }

  @Test
  void provisionedThroughputHoldsUnlessTheSizeGivesMore() {
    Mode twenty = Mode.Provisioned.ofMibps(20);
    assertThat(of(twenty, 100 * GIB, true).meteredBytesPerSecond()).isEqualTo(20 * MIB);
    assertThat(of(twenty, TIB, true).meteredBytesPerSecond()).isEqualTo(100 * MIB);
    assertThat(of(twenty, TIB, false).meteredBytesPerSecond()).isEqualTo(50 * MIB);
  }

  @Test
  void elasticThroughputIsWhatTheRegionWrites() {
    Allowance elastic = of(new Mode.Elastic(), GIB, false);
    assertThat(elastic.meteredBytesPerSecond()).isEqualTo(5 * GIB);
    assertThat(elastic.caps().clientBytesPerSecond()).isEqualTo(1_500 * MIB);
  }

  @Test
  void maxIoRaisesTheLimitOnOperations() {
    var settings = new Settings(new Mode.Bursting(), GIB, true);
    Caps caps = Allowance.of(settings, Profile.AWS, true).caps();
    assertThat(caps.readOperationsPerSecond()).isEqualTo(500_000);
    assertThat(caps.clientBytesPerSecond()).isEqualTo(500 * MIB);
  }

  @Test
  void hugeSizesDoNotOverflow() {
    assertThat(Allowance.creditCap(1L << 53)).isEqualTo(8_192 * 2_308_974_418_330L);
    assertThat(Allowance.baseline((1L << 40) + 1)).isEqualTo(50 * MIB);
  }

  @Test
  void requestsAreMeteredAtTheirLeast() {
    assertThat(Io.meteredBytes(Io.Kind.DATA_WRITE, 1)).isEqualTo(4_096);
    assertThat(Io.meteredBytes(Io.Kind.DATA_READ, 1)).isEqualTo(1_366);
    assertThat(Io.meteredBytes(Io.Kind.DATA_READ, 30 * MIB)).isEqualTo(10 * MIB);
    assertThat(Io.meteredBytes(Io.Kind.METADATA_READ, 5_000)).isEqualTo(5_000);
    assertThat(Io.totalBytes(Io.Kind.DATA_READ, 1)).isEqualTo(32 * KIB);
    assertThat(Io.totalBytes(Io.Kind.DATA_WRITE, 32 * KIB + 1)).isEqualTo(33 * KIB);
    assertThat(Io.totalBytes(Io.Kind.METADATA_WRITE, 4_097)).isEqualTo(5 * KIB);
  }
}
