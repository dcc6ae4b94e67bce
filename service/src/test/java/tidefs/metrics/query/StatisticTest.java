package tidefs.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.metrics.Limits;
import tidefs.metrics.StatisticSet;

/** Extended statistics of samples that are known one by one, and of those that are not. */
final class StatisticTest {
  private static StatisticSet of(double... values) {
    return Arrays.stream(values)
        .mapToObj(StatisticSet::of)
        .reduce(StatisticSet::plus)
        .orElseThrow();
  }

  private static final StatisticSet HUNDRED =
      of(IntStream.rangeClosed(1, 100).mapToDouble(i -> i).toArray());

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "p0=1",
        "p0.0=1",
        "p1=1",
        "p50=50",
        "p99=99",
        "p99.5=100",
        "p99.9=100",
        "p100=100",
        "p100.0=100",
        "tm90=45.5",
        "TM(:90%)=45.5",
        "TM(10%:90%)=50.5",
        "TM(95%:)=98",
        "TM(10:20)=15.5",
        "TM(:3)=2",
        "IQM=50.5",
        "wm90=49.95",
        "WM(10%:90%)=50.4",
        "WM(10:90)=50.4",
        "tc90=90",
        "TC(10%:90%)=80",
        "TC(0:10)=10",
        "ts90=4095",
        "TS(80%:)=1810",
        "PR(:25)=25",
        "PR(25:75)=50",
        "PR(90:)=10"
      })
  void statisticsOfOneToAHundred(String name, double value) {
    assertThat(Statistic.named(name).orElseThrow().of(HUNDRED).orElseThrow())
        .isCloseTo(value, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "p101",
        "p100.1",
        "p-1",
        "P50",
        "p",
        "p1.12345678901",
        "Median",
        "tm",
        "TM()",
        "TM(:)",
        "TM(90%:10%)",
        "TM(10%:90)",
        "PR(10%:90%)",
        "iqm",
        "Sum2"
      })
  void otherNamesAreNone(String name) {
    assertThat(Statistic.named(name)).isEmpty();
  }

  @Test
  void statisticSetsHaveNoneUnlessTheirSamplesAreTheSame() {
    Statistic median = new Statistic("p50");
    assertThat(median.of(new StatisticSet(5, 20, 1, 9))).isEmpty();
    assertThat(median.of(new StatisticSet(5, 20, 1, 9).plus(StatisticSet.of(3)))).isEmpty();
    assertThat(median.of(new StatisticSet(1, 7, 7, 7))).hasValue(7);
    assertThat(median.of(new StatisticSet(5, 20, 4, 4).plus(StatisticSet.of(9)))).hasValue(4);
    assertThat(median.of(of(-1, 2, 3))).isEmpty();
    assertThat(new Statistic("TM(:3)").of(of(5, 6))).isEmpty();
  }

  @Test
  void manyDifferentSamplesTakeBoundedRoomAndPercentilesStayNear() {
    long seed = Long.getLong("seed", 20_261_122);
    Random random = new Random(seed);
    double[] values = random.doubles(20_000).map(share -> Math.pow(10, 6 * share - 3)).toArray();
    StatisticSet[] parts = new StatisticSet[7];
    Arrays.fill(parts, StatisticSet.of(values[0]));
    for (int i = 1; i < values.length; i++) {
      parts[i % 7] = parts[i % 7].plus(StatisticSet.of(values[i]));
    }
    StatisticSet forth = Arrays.stream(parts).reduce(StatisticSet::plus).orElseThrow();
    StatisticSet back = Arrays.stream(parts).reduce((a, b) -> b.plus(a)).orElseThrow();
    assertThat(forth.spread()).isEqualTo(back.spread());
    assertThat(forth.spread().size()).isLessThanOrEqualTo(Limits.DISTRIBUTION_BUCKETS);
    Arrays.sort(values);
    for (double percent : new double[] {0, 0.1, 1, 10, 50, 90, 99, 99.9, 100}) {
      double exact = values[(int) Math.max(0, Math.ceil(percent / 100 * values.length) - 1)];
      assertThat(new Statistic("p" + percent).of(forth).orElseThrow())
          .as("p%s, replay with -Dseed=%d", percent, seed)
          .isCloseTo(exact, within(exact * 0.04));
    }
  }

  @Test
  void extremesOfAllSizesFit() {
    StatisticSet set = StatisticSet.of(0);
    for (int power = -360; power <= 360; power++) {
      set = set.plus(StatisticSet.of(Math.scalb(1.5, power))).plus(StatisticSet.of(0));
    }
    assertThat(set.spread().size()).isLessThanOrEqualTo(Limits.DISTRIBUTION_BUCKETS);
    assertThat(new Statistic("p100").of(set).orElseThrow())
        .isBetween(Math.scalb(1.0, 359), Math.scalb(1.5, 360));
    assertThat(new Statistic("p0").of(set)).hasValue(0);
  }

  @Test
  void lowSampleCountsAreThoseThatExpectFewerThanTenBeyond() {
    assertThat(new Statistic("p99").isLowSampleCount(999)).isTrue();
    assertThat(new Statistic("p99").isLowSampleCount(1_000)).isFalse();
    assertThat(new Statistic("p10").isLowSampleCount(99)).isTrue();
    assertThat(new Statistic("p10").isLowSampleCount(100)).isFalse();
    assertThat(new Statistic("p50").isLowSampleCount(20)).isFalse();
    assertThat(new Statistic("Average").isLowSampleCount(1)).isFalse();
  }
}
