package tidefs.metrics.query;

import java.util.Optional;
import tidefs.metrics.Metric;

/**
 * One question of several that are asked together (the shape MetricDataQuery).
 *
 * @param label what its answer is called; empty for a name of its own
 */
public record DataQuery(String id, Source source, String label, boolean returnData) {
  /** Where the data come from. */
  public sealed interface Source {
    /**
     * A statistic of a metric.
     *
     * @param unit empty for any
     */
    record OfMetric(Metric metric, int periodSeconds, Statistic statistic, String unit)
        implements Source {}

    /** Metric math; the period is that of its metrics unless it says one. */
    record OfExpression(String text, Optional<Integer> periodSeconds) implements Source {}
  }

  /** What the answer is called. */
  public String name() {
    if (!label.isEmpty()) {
      return label;
    }
    return switch (source) {
      case Source.OfMetric of -> of.metric().name();
      case Source.OfExpression _ -> id;
    };
  }
}
