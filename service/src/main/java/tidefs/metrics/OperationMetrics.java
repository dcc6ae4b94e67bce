package tidefs.metrics;

import java.util.List;

/** Counts and latencies of the operations of a protocol, by kind. */
public final class OperationMetrics implements PrometheusSource {
  private final List<String> names;
  private final LatencyHistogram[] latencies;

  /** Counters for kinds with these names, in the order of their numbers. */
  public OperationMetrics(List<String> names) {
    this.names = List.copyOf(names);
    latencies = new LatencyHistogram[names.size()];
    for (int i = 0; i < latencies.length; i++) {
      latencies[i] = new LatencyHistogram();
    }
  }

  /** Counts an operation of a kind; a number without a name is not counted. */
  public void count(int kind, long nanos) {
    if (kind >= 0 && kind < latencies.length) {
      latencies[kind].count(nanos);
    }
  }

  @Override
  public void write(PrometheusText out) {
    out.family(
        "tidefs_nfs_request_duration_seconds",
        "histogram",
        "Time from a request's arrival to its reply, by its principal operation.");
    for (int i = 0; i < latencies.length; i++) {
      LatencyHistogram.Snapshot snapshot = latencies[i].snapshot();
      if (snapshot.count() > 0) {
        out.histogram("tidefs_nfs_request_duration_seconds", "operation", names.get(i), snapshot);
      }
    }
  }
}
