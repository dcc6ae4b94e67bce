package tidefs.metrics;

/** Something that Prometheus may ask. */
@FunctionalInterface
public interface PrometheusSource {
  /** Writes what it knows now. */
  void write(PrometheusText out);
}
