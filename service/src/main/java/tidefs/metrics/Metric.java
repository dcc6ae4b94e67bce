package tidefs.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A metric: a name within a namespace, and what it is about. */
public record Metric(String namespace, String name, List<Dimension> dimensions)
    implements Comparable<Metric> {
  private static final Comparator<Metric> ORDER =
      Comparator.comparing(Metric::namespace)
          .thenComparing(Metric::name)
          .thenComparing(metric -> metric.dimensions.toString());

  /** Sorts the dimensions: their order means nothing. */
  public Metric {
    List<Dimension> sorted = new ArrayList<>(dimensions);
    sorted.sort(Comparator.comparing(Dimension::name).thenComparing(Dimension::value));
    dimensions = List.copyOf(sorted);
  }

  /** What a metric is about, in one respect. */
  public record Dimension(String name, String value) {}

  @Override
  public int compareTo(Metric other) {
    return ORDER.compare(this, other);
  }
}
