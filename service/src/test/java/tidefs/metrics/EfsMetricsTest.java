package tidefs.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import tidefs.metrics.Metric.Dimension;
import tidefs.testkit.ManualClock;
import tidefs.testkit.MemoryKeyValueStore;

final class EfsMetricsTest {
  private final ManualClock clock = new ManualClock();
  private final MetricArchive archive = new MetricArchive(new MemoryKeyValueStore());
  private final EfsMetrics metrics = new EfsMetrics(archive, clock);
  private final IoCounters io = new IoCounters();
  private final long start = clock.now().getEpochSecond();

  EfsMetricsTest() {
    metrics.add(new FixedFileSystem(io));
  }

  private record FixedFileSystem(IoCounters io) implements MeteredFileSystem {
    @Override
    public String id() {
      return "fs-1";
    }

    @Override
    public long connections() {
      return 3;
    }

    @Override
    public OptionalLong creditBytes() {
      return OptionalLong.of(1_000);
    }

    @Override
    public long permittedBytesPerSecond() {
      return 2_000;
    }

    @Override
    public Operations operationLimits() {
      return new Operations(35_000, 7_000);
    }

    @Override
    public Storage storage() {
      return new Storage(10, 20, 30, 40, 50);
    }
  }

  private StatisticSet point(String name, Dimension... more) {
    List<Dimension> dimensions = new java.util.ArrayList<>(List.of(more));
    dimensions.add(new Dimension("FileSystemId", "fs-1"));
    return archive
        .read(new Metric(EfsMetrics.NAMESPACE, name, dimensions), "", start, start + 60, 60)
        .getOrDefault(start, new StatisticSet(0, 0, 0, 0))
        .withoutSpread();
  }

  @Test
  void aMinuteOfRequestsBecomesPoints() {
    io.count(IoKind.DATA_READ, 6_000, 32_768, 2_000);
    io.count(IoKind.DATA_WRITE, 5_000, 32_768, 5_000);
    io.count(IoKind.METADATA_WRITE, 4_096, 4_096, 4_096);
    assertThat(metrics.tick()).isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(metrics.tick()).isTrue();
    assertThat(point("DataReadIOBytes")).isEqualTo(new StatisticSet(1, 6_000, 6_000, 6_000));
    assertThat(point("MeteredIOBytes")).isEqualTo(new StatisticSet(3, 11_096, 2_000, 5_000));
    assertThat(point("TotalIOBytes")).isEqualTo(new StatisticSet(3, 69_632, 4_096, 32_768));
    assertThat(point("MetadataIOBytes")).isEqualTo(new StatisticSet(1, 4_096, 4_096, 4_096));
    assertThat(point("MetadataReadIOBytes").sampleCount()).isZero();
    assertThat(point("BurstCreditBalance").maximum()).isEqualTo(1_000);
    assertThat(point("PermittedThroughput").average()).isEqualTo(2_000);
    assertThat(point("ClientConnections").sum()).isEqualTo(3);
    assertThat(point("StorageBytes", new Dimension("StorageClass", "Total")).average())
        .isEqualTo(150);
  }

  @Test
  void fiveOperationsThatChangeWeighLikeTwentyFiveThatRead() {
    for (int i = 0; i < 60 * 70; i++) {
      io.count(IoKind.METADATA_WRITE, 4_096, 4_096, 4_096); // 70 a second: 1 % of 7,000.
    }
    clock.advance(Duration.ofMinutes(1));
    metrics.tick();
    assertThat(point("PercentIOLimit").average()).isEqualTo(1.0);
  }

  @Test
  void idleMinutesHaveNoPointOfIo() {
    clock.advance(Duration.ofMinutes(1));
    metrics.tick();
    assertThat(point("MeteredIOBytes").sampleCount()).isZero();
    assertThat(point("BurstCreditBalance").sampleCount()).isEqualTo(1);
  }

  @Test
  void countsOfManyThreadsAddUp() throws InterruptedException {
    int threads = 8;
    CountDownLatch done = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform()
          .start(() -> {
            for (int n = 0; n < 20_000; n++) {
              io.count(IoKind.DATA_READ, 3, 2, 1);
            }
            done.countDown();
          });
    }
    double sum = 0;
    while (done.getCount() > 0) {
      StatisticSet part = io.take().byKind().get(IoKind.DATA_READ);
      sum += part == null ? 0 : part.sum();
    }
    done.await();
    StatisticSet rest = io.take().byKind().get(IoKind.DATA_READ);
    assertThat(sum + (rest == null ? 0 : rest.sum())).isEqualTo(threads * 20_000 * 3);
  }

  @Test
  void prometheusReadsTheSameNumbers() {
    io.count(IoKind.DATA_READ, 6_000, 32_768, 2_000);
    clock.advance(Duration.ofMinutes(1));
    metrics.tick();
    PrometheusText text = new PrometheusText();
    metrics.write(text);
    assertThat(text.toString())
        .contains("# TYPE tidefs_io_bytes_total counter\n")
        .contains("tidefs_io_bytes_total{file_system=\"fs-1\",kind=\"data_read\"} 6000\n")
        .contains("tidefs_burst_credit_balance_bytes{file_system=\"fs-1\"} 1000\n")
        .contains("tidefs_storage_bytes{file_system=\"fs-1\",storage_class=\"IA\"} 20\n");
  }

  @Test
  void latenciesFallIntoBucketsOfPowersOfTwo() {
    OperationMetrics operations = new OperationMetrics(List.of("READ", "WRITE"));
    operations.count(0, 1_000); // 1 us
    operations.count(0, 1_001); // 2 us
    operations.count(0, 900_000); // 1024 us
    operations.count(0, 3_600_000_000_000L); // Beyond all.
    PrometheusText text = new PrometheusText();
    operations.write(text);
    String name = "tidefs_nfs_request_duration_seconds";
    assertThat(text.toString())
        .contains(name + "_bucket{operation=\"READ\",le=\"0.000001\"} 1\n")
        .contains(name + "_bucket{operation=\"READ\",le=\"0.000002\"} 2\n")
        .contains(name + "_bucket{operation=\"READ\",le=\"0.000512\"} 2\n")
        .contains(name + "_bucket{operation=\"READ\",le=\"0.001024\"} 3\n")
        .contains(name + "_bucket{operation=\"READ\",le=\"67.108864\"} 3\n")
        .contains(name + "_bucket{operation=\"READ\",le=\"+Inf\"} 4\n")
        .contains(name + "_count{operation=\"READ\"} 4\n")
        .doesNotContain("WRITE");
  }
}
