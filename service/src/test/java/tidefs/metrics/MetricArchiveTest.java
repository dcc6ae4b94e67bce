package tidefs.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tidefs.metrics.Metric.Dimension;
import tidefs.testkit.MemoryKeyValueStore;

final class MetricArchiveTest {
  private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");
  private static final long T = START.getEpochSecond();
  private static final Metric METRIC =
      new Metric("AWS/EFS", "TotalIOBytes", List.of(new Dimension("FileSystemId", "fs-1")));

  private final MemoryKeyValueStore store = new MemoryKeyValueStore();
  private MetricArchive archive = new MetricArchive(store);

  private void put(long time, double value) throws MetricArchive.FullException {
    archive.put(List.of(sample(time, value)));
  }

  private static Sample sample(long time, double value) {
    return new Sample(new Series(METRIC, Units.BYTES), time, StatisticSet.of(value));
  }

  private static StatisticSet together(double... values) {
    return Arrays.stream(values)
        .mapToObj(StatisticSet::of)
        .reduce(StatisticSet::plus)
        .orElseThrow();
  }

  private double sum(long from, long to) {
    return archive.read(METRIC, "", from, to, 3_600).values().stream()
        .mapToDouble(StatisticSet::sum)
        .sum();
  }

  @Test
  void samplesOfOneMinuteBecomeOnePoint() throws MetricArchive.FullException {
    put(T + 1, 10);
    put(T + 59, 4);
    put(T + 60, 1);
    assertThat(archive.read(METRIC, Units.BYTES, T, T + 120, 60))
        .containsOnlyKeys(T, T + 60)
        .containsEntry(T, StatisticSet.of(10).plus(StatisticSet.of(4)));
    assertThat(archive.read(METRIC, Units.COUNT, T, T + 120, 60)).isEmpty();
  }

  @Test
  void periodsBeginWhereTheReaderBegins() throws MetricArchive.FullException {
    for (int minute = 0; minute < 10; minute++) {
      put(T + 60 * minute, minute);
    }
    assertThat(archive.read(METRIC, "", T + 60, T + 660, 300))
        .containsOnlyKeys(T + 60, T + 360)
        .containsEntry(T + 60, together(1, 2, 3, 4, 5))
        .containsEntry(T + 360, together(6, 7, 8, 9));
  }

  @Test
  void pointsSurviveRestartsAndPacking() throws MetricArchive.FullException {
    for (int minute = 0; minute < 180; minute++) {
      put(T + 60 * minute, 1);
      if (minute % 50 == 49) {
        archive.maintain(START);
      }
      if (minute % 40 == 39) {
        archive = new MetricArchive(store);
      }
    }
    assertThat(archive.read(METRIC, "", T, T + 180 * 60, 60)).hasSize(180);
    assertThat(sum(T, T + 180 * 60)).isEqualTo(180);
    put(T, 5); // A late sample joins a packed block.
    archive.maintain(START);
    assertThat(archive.read(METRIC, "", T, T + 60, 60)).containsEntry(T, together(1, 5));
  }

  @Test
  void deathWhilePackingLosesNothingAndDoublesNothing() throws MetricArchive.FullException {
    for (int calls = 0; calls < 4; calls++) {
      for (int i = 0; i < 3; i++) {
        put(T, 1);
      }
      Metric other = new Metric("A", "B", List.of());
      archive.put(List.of(new Sample(new Series(other, Units.NONE), T, StatisticSet.of(1))));
      store.dieAfter(calls);
      try {
        archive.maintain(START);
      } catch (MemoryKeyValueStore.Death expected) {
        assertThat(expected).isNotNull();
      }
      store.dieAfter(Integer.MAX_VALUE);
      archive = new MetricArchive(store);
      assertThat(sum(T, T + 60)).isEqualTo(3 * (calls + 1));
      assertThat(archive.read(other, "", T, T + 60, 60).get(T))
          .isEqualTo(new StatisticSet(calls + 1, calls + 1, 1, 1));
    }
  }

  @Test
  void agedPointsBecomeCoarserAndThenGo() throws MetricArchive.FullException {
    for (int minute = 0; minute < 120; minute++) {
      put(T + 60 * minute, 1);
    }
    archive.maintain(START.plus(Duration.ofDays(14)));
    assertThat(archive.read(METRIC, "", T, T + 7_200, 60)).hasSize(120);

    archive.maintain(START.plus(Duration.ofDays(17)));
    assertThat(archive.read(METRIC, "", T, T + 7_200, 60)).isEmpty();
    assertThat(archive.read(METRIC, "", T, T + 7_200, 300))
        .hasSize(24)
        .containsEntry(T, new StatisticSet(5, 5, 1, 1));

    archive.maintain(START.plus(Duration.ofDays(65)));
    assertThat(archive.read(METRIC, "", T, T + 7_200, 300)).isEmpty();
    assertThat(archive.read(METRIC, "", T, T + 7_200, 3_600))
        .containsOnlyKeys(T, T + 3_600)
        .containsEntry(T, new StatisticSet(60, 60, 1, 1));
    assertThat(archive.metrics(START.plus(Duration.ofDays(65)), Duration.ofDays(14))).isEmpty();

    archive.maintain(START.plus(Duration.ofDays(500)));
    assertThat(sum(T, T + 7_200)).isZero();
    assertThat(store.size()).isLessThanOrEqualTo(1); // The log's last number.
  }

  @Test
  void secondsAreKeptForThreeHoursAndInMinutesForGood() throws MetricArchive.FullException {
    Series series = new Series(METRIC, Units.BYTES);
    for (int second = 0; second < 600; second++) {
      archive.put(List.of(new Sample(series, T + second, StatisticSet.of(second), true)));
      if (second % 150 == 149) {
        archive.maintain(START);
      }
      if (second % 70 == 69) {
        archive = new MetricArchive(store);
      }
    }
    assertThat(archive.read(METRIC, "", T, T + 600, 1)).hasSize(600);
    assertThat(archive.read(METRIC, "", T, T + 600, 10))
        .hasSize(60)
        .containsEntry(T + 20, together(20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
    assertThat(archive.read(METRIC, "", T, T + 600, 60)).hasSize(10);
    assertThat(sum(T, T + 600)).isEqualTo(599 * 600 / 2);

    archive.maintain(START.plus(Duration.ofHours(3)));
    assertThat(archive.read(METRIC, "", T, T + 600, 1)).hasSize(600);
    archive.maintain(START.plus(Duration.ofHours(5)));
    assertThat(archive.read(METRIC, "", T, T + 600, 1)).hasSizeLessThanOrEqualTo(10);
    assertThat(sum(T, T + 600)).isEqualTo(599 * 600 / 2);
  }

  @Test
  void aMinutesPointIsAtItsBeginningWhereNothingFinerIs() throws MetricArchive.FullException {
    put(T + 5, 1);
    assertThat(archive.read(METRIC, "", T, T + 60, 10)).containsOnlyKeys(T);
  }

  @Test
  void distributionsSurviveRestartsPackingAndRollUps() throws MetricArchive.FullException {
    for (int minute = 0; minute < 60; minute++) {
      for (int i = 1; i <= 5; i++) {
        put(T + 60 * minute, 5 * minute + i);
      }
      if (minute % 25 == 24) {
        archive = new MetricArchive(store);
      }
      if (minute == 40) {
        archive.maintain(START);
      }
    }
    Distribution first = archive.read(METRIC, "", T, T + 60, 60).firstEntry().getValue().spread();
    assertThat(first).isEqualTo(together(1, 2, 3, 4, 5).spread());
    for (int days : new int[] {0, 17, 65}) {
      archive.maintain(START.plus(Duration.ofDays(days)));
      archive = new MetricArchive(store);
      StatisticSet hour = archive.read(METRIC, "", T, T + 3_600, 3_600).get(T);
      assertThat(new tidefs.metrics.query.Statistic("p90").of(hour)).hasValue(270);
      assertThat(hour.spread().size()).isEqualTo(300);
    }
  }

  @Test
  void pointsOfTheFirstFormatAreRead() {
    var old = java.nio.ByteBuffer.allocate(9 + 34).put((byte) 1).putLong(7).putShort((short) 3);
    old.putDouble(2).putDouble(14).putDouble(4).putDouble(10);
    assertThat(Blocks.decode(old.array(), T, Blocks.Resolution.MINUTE))
        .isEqualTo(
            new Blocks.Block(
                7,
                new java.util.TreeMap<>(
                    java.util.Map.of(T + 180, new StatisticSet(2, 14, 4, 10)))));
    var log = java.nio.ByteBuffer.allocate(1 + 44).put((byte) 1).putInt(5).putLong(T);
    log.putDouble(2).putDouble(14).putDouble(4).putDouble(10);
    assertThat(ArchiveKeys.decodeLog(log.array()))
        .containsExactly(new ArchiveKeys.LogPoint(5, T, new StatisticSet(2, 14, 4, 10), false));
  }

  @Test
  void tooManySeriesAreRefused() throws MetricArchive.FullException {
    for (int part = 0; part < 10; part++) {
      int base = part * (Limits.SERIES / 10);
      archive.put(
          java.util.stream.IntStream.range(base, base + Limits.SERIES / 10)
              .mapToObj(i ->
                  new Sample(
                      new Series(new Metric("N", "m" + i, List.of()), Units.NONE),
                      T,
                      StatisticSet.of(1)))
              .toList());
    }
    assertThatThrownBy(() -> put(T, 1)).isInstanceOf(MetricArchive.FullException.class);
  }
}
