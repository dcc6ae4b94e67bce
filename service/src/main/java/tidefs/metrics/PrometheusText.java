package tidefs.metrics;

import java.util.Locale;

/** Text in the exposition format of Prometheus, version 0.0.4. */
public final class PrometheusText {
  /** Its media type. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder out = new StringBuilder(16 << 10);

  /** Begins a family of samples; all of them follow before the next family. */
  public PrometheusText family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  /** A sample; labels are names and values in turn. */
  public PrometheusText sample(String name, double value, String... labels) {
    out.append(name);
    for (int i = 0; i < labels.length; i += 2) {
      out.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
      escape(labels[i + 1]);
      out.append('"');
    }
    out.append(labels.length == 0 ? " " : "} ");
    number(value);
    out.append('\n');
    return this;
  }

  /** The samples of a histogram under one label. */
  PrometheusText histogram(
      String name, String label, String value, LatencyHistogram.Snapshot snapshot) {
    long[] atMost = snapshot.atMostPowerOfTwoMicros();
    for (int power = 0; power < atMost.length; power++) {
      String bound = String.format(Locale.ROOT, "%.6f", (1L << power) / 1e6);
      sample(name + "_bucket", (double) atMost[power], label, value, "le", bound);
    }
    sample(name + "_bucket", (double) snapshot.count(), label, value, "le", "+Inf");
    sample(name + "_sum", snapshot.nanos() / 1e9, label, value);
    return sample(name + "_count", (double) snapshot.count(), label, value);
  }

  private void number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      out.append((long) value);
    } else {
      out.append(value);
    }
  }

  private void escape(String text) {
    out.append(text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
