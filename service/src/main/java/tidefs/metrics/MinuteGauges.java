package tidefs.metrics;

import java.util.List;
import tidefs.metrics.Metric.Dimension;

/**
 * Values of namespace AWS/EFS that others know, such as TimeSinceLastSync, which replication does.
 * Read once a minute; must not wait.
 */
@FunctionalInterface
public interface MinuteGauges {
  /** What has a value now. */
  List<Gauge> read();

  /**
   * One value.
   *
   * @param unit one of {@link Units}
   */
  record Gauge(String name, String unit, List<Dimension> dimensions, double value) {
    /** Copies the list. */
    public Gauge {
      dimensions = List.copyOf(dimensions);
    }

    /** For how long the destination of a replication has lacked what its source has. */
    public static Gauge timeSinceLastSync(
        String sourceId, String destinationId, double sinceSeconds) {
      return new Gauge(
          "TimeSinceLastSync",
          Units.SECONDS,
          List.of(
              new Dimension("FileSystemId", sourceId),
              new Dimension("DestinationFileSystemId", destinationId)),
          sinceSeconds);
    }
  }
}
