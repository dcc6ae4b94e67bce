package tidefs.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.metrics.IoCounters.Totals;
import tidefs.metrics.MeteredFileSystem.Storage;
import tidefs.metrics.Metric.Dimension;

/**
 * The metrics of namespace AWS/EFS ("Amazon CloudWatch metrics for Amazon EFS"): once a minute,
 * what file systems have counted becomes points of the archive. Metrics of I/O have a point only if
 * there was any; the others have one every minute, and StorageBytes one every 15.
 */
public final class EfsMetrics implements PrometheusSource {
  public static final String NAMESPACE = "AWS/EFS";

  private static final Logger log = LoggerFactory.getLogger(EfsMetrics.class);
  private static final int STORAGE_MINUTES = 15;

  private final MetricArchive archive;
  private final Clock clock;
  private final ConcurrentMap<String, Counted> fileSystems = new ConcurrentHashMap<>();
  private long minute;
  private long hour;

  /** A file system, and its sums since the process began. */
  private static final class Counted {
    final MeteredFileSystem fileSystem;
    final long[] requests = new long[IoKind.values().length];
    final double[] bytes = new double[IoKind.values().length];

    Counted(MeteredFileSystem fileSystem) {
      this.fileSystem = fileSystem;
    }

    void add(Totals totals) {
      for (IoKind kind : IoKind.values()) {
        StatisticSet values = totals.byKind().get(kind);
        if (values != null) {
          requests[kind.index()] += (long) values.sampleCount();
          bytes[kind.index()] += values.sum();
        }
      }
    }
  }

  /** Metrics that go to {@code archive}. */
  public EfsMetrics(MetricArchive archive, Clock clock) {
    this.archive = archive;
    this.clock = clock;
    minute = minuteNow();
    hour = minute / 60;
  }

  /** Begins to measure a file system. */
  public void add(MeteredFileSystem fileSystem) {
    fileSystems.put(fileSystem.id(), new Counted(fileSystem));
  }

  /** Measures a file system no more. */
  public void remove(String fileSystemId) {
    fileSystems.remove(fileSystemId);
  }

  /**
   * Makes points of the minute that has ended, if one has. To be called every second or so, by one
   * thread at a time. Returns whether a minute has ended.
   */
  public boolean tick() {
    long now = minuteNow();
    if (now == minute) {
      return false;
    }
    // After a jump of the clock or a long pause what was counted belongs to the last minute.
    long ended = now - 1;
    minute = now;
    List<Sample> samples = new ArrayList<>();
    synchronized (fileSystems) {
      for (Counted each : fileSystems.values()) {
        sample(each, ended, samples);
      }
    }
    if (!samples.isEmpty()) {
      try {
        archive.put(samples);
      } catch (MetricArchive.FullException e) {
        log.atWarn().addKeyValue("points", samples.size()).log("Metrics lost: archive is full");
      }
    }
    if (now / 60 != hour) {
      hour = now / 60;
      archive.maintain(clock.now());
    }
    return true;
  }

  private long minuteNow() {
    return Math.floorDiv(clock.now().getEpochSecond(), Limits.MINUTE_SECONDS);
  }

  private static void sample(Counted counted, long atMinute, List<Sample> samples) {
    MeteredFileSystem its = counted.fileSystem;
    Totals totals = its.io().take();
    counted.add(totals);
    Writer out = new Writer(samples, its.id(), atMinute * Limits.MINUTE_SECONDS);
    totals.byKind().forEach((kind, values) -> out.bytes(kind.metricName(), values));
    out.sum("MetadataIOBytes", totals.byKind(), false);
    out.sum("TotalIOBytes", totals.total(), true);
    out.sum("MeteredIOBytes", totals.metered(), true);
    out.value("ClientConnections", Units.COUNT, (double) its.connections());
    out.value(
        "PermittedThroughput", Units.BYTES_PER_SECOND, (double) its.permittedBytesPerSecond());
    out.value("PercentIOLimit", Units.PERCENT, percentIoLimit(its, totals));
    its.creditBytes()
        .ifPresent(credits -> out.value("BurstCreditBalance", Units.BYTES, (double) credits));
    if (atMinute % STORAGE_MINUTES == 0) {
      out.storage(its.storage());
    }
  }

  private static double percentIoLimit(MeteredFileSystem its, Totals totals) {
    double reads = totals.count(IoKind.DATA_READ) + totals.count(IoKind.METADATA_READ);
    double writes = totals.count(IoKind.DATA_WRITE) + totals.count(IoKind.METADATA_WRITE);
    MeteredFileSystem.Operations limits = its.operationLimits();
    double used =
        reads / Limits.MINUTE_SECONDS / limits.readsPerSecond()
            + writes / Limits.MINUTE_SECONDS / limits.writesPerSecond();
    return Math.min(100, 100 * used);
  }

  /** Adds the samples of one file system and minute. */
  private record Writer(List<Sample> samples, String id, long epochSecond) {
    void bytes(String name, StatisticSet values) {
      add(name, Units.BYTES, values, List.of(new Dimension("FileSystemId", id)));
    }

    void value(String name, String unit, double value) {
      add(name, unit, StatisticSet.of(value), List.of(new Dimension("FileSystemId", id)));
    }

    void sum(String name, Map<IoKind, StatisticSet> byKind, boolean withData) {
      byKind.entrySet().stream()
          .filter(entry -> withData || !entry.getKey().data())
          .map(Map.Entry::getValue)
          .reduce(StatisticSet::plus)
          .ifPresent(values -> bytes(name, values));
    }

    void storage(Storage storage) {
      inClass("Total", storage.totalBytes());
      inClass("Standard", storage.standardBytes());
      inClass("IA", storage.infrequentAccessBytes());
      inClass("IASizeOverhead", storage.infrequentAccessOverheadBytes());
      inClass("Archive", storage.archiveBytes());
      inClass("ArchiveSizeOverhead", storage.archiveOverheadBytes());
    }

    private void inClass(String storageClass, long bytes) {
      add(
          "StorageBytes",
          Units.BYTES,
          StatisticSet.of((double) bytes),
          List.of(new Dimension("FileSystemId", id), new Dimension("StorageClass", storageClass)));
    }

    private void add(String name, String unit, StatisticSet values, List<Dimension> dimensions) {
      Metric metric = new Metric(NAMESPACE, name, dimensions);
      samples.add(new Sample(new Series(metric, unit), epochSecond, values));
    }
  }

  /** Counts of I/O are as of the last minute: they are shared with CloudWatch's metrics. */
  @Override
  public void write(PrometheusText out) {
    synchronized (fileSystems) {
      out.family("tidefs_requests_total", "counter", "Requests on a file system, by kind.");
      fileSystems.values().forEach(each -> io(out, "tidefs_requests_total", each, false));
      out.family("tidefs_io_bytes_total", "counter", "Bytes of requests, by kind.");
      fileSystems.values().forEach(each -> io(out, "tidefs_io_bytes_total", each, true));
    }
    gauge(out, "tidefs_client_connections", "Open connections.", MeteredFileSystem::connections);
    gauge(
        out,
        "tidefs_permitted_throughput_bytes_per_second",
        "What the throughput mode permits.",
        MeteredFileSystem::permittedBytesPerSecond);
    gauge(
        out,
        "tidefs_burst_credit_balance_bytes",
        "Burst credits; 0 in elastic mode.",
        its -> its.creditBytes().orElse(0));
    out.family("tidefs_storage_bytes", "gauge", "Metered size, by storage class.");
    for (Counted each : fileSystems.values()) {
      String id = each.fileSystem.id();
      Storage storage = each.fileSystem.storage();
      storage(out, id, "Standard", storage.standardBytes());
      storage(out, id, "IA", storage.infrequentAccessBytes());
      storage(out, id, "Archive", storage.archiveBytes());
    }
  }

  private static void storage(PrometheusText out, String id, String storageClass, long bytes) {
    out.sample(
        "tidefs_storage_bytes", (double) bytes, "file_system", id, "storage_class", storageClass);
  }

  private void gauge(
      PrometheusText out,
      String name,
      String help,
      java.util.function.ToLongFunction<MeteredFileSystem> value) {
    out.family(name, "gauge", help);
    for (Counted each : fileSystems.values()) {
      out.sample(
          name, (double) value.applyAsLong(each.fileSystem), "file_system", each.fileSystem.id());
    }
  }

  private static void io(PrometheusText out, String name, Counted each, boolean bytes) {
    for (IoKind kind : IoKind.values()) {
      int index = kind.index();
      out.sample(
          name,
          bytes ? each.bytes[index] : (double) each.requests[index],
          "file_system",
          each.fileSystem.id(),
          "kind",
          kind.name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  /** When the archive was last known to hold all of a minute: the end of the last one made. */
  public Instant completeUntil() {
    return Instant.ofEpochSecond(minute * Limits.MINUTE_SECONDS);
  }
}
