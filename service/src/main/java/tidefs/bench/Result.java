package tidefs.bench;

import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What one connection did of a task. */
final class Result {
  private static final long LONGEST_NANOS = 600_000_000_000L;
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double NANOS = 1e9;

  private final Histogram latencies = new Histogram(LONGEST_NANOS, DIGITS);
  private long bytes;
  private long entries;
  private long wrong;
  private long errors;
  private int status;

  void done(long nanos, Reply reply) {
    latencies.recordValue(Math.clamp(nanos, 1, LONGEST_NANOS));
    if (reply.status != Code.OK) {
      errors++;
      status = reply.status;
    }
  }

  void ended(Task task) {
    bytes = (operations() - errors) * task.bytes();
    entries = task.entries();
    wrong = task.wrong();
  }

  private long operations() {
    return latencies.getTotalCount();
  }

  private boolean isClean() {
    return errors == 0 && wrong == 0;
  }

  static boolean areClean(List<Result> results) {
    return results.stream().allMatch(Result::isClean);
  }

  /** One line of JSON about all connections; rates per second of {@code nanos}. */
  static String json(String label, String test, Load load, List<Result> results, long nanos) {
    Histogram all = new Histogram(LONGEST_NANOS, DIGITS);
    results.forEach(each -> all.add(each.latencies));
    double seconds = nanos / NANOS;
    double mean = (double) all.getTotalCount() / results.size();
    long least = results.stream().mapToLong(Result::operations).min().orElse(0);
    return String.format(
        Locale.ROOT,
        "{\"label\":\"%s\",\"test\":\"%s\",\"connections\":%d,\"depth\":%d,\"seconds\":%.3f,"
            + "\"ops\":%d,\"ops_s\":%.1f,\"MiB_s\":%.1f,\"entries_s\":%.0f,"
            + "\"lat_us\":{\"p50\":%.1f,\"p90\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f},"
            + "\"slowest_of_mean\":%.2f,\"errors\":%d,\"status\":%d,\"badstamp\":%d}",
        label,
        test,
        load.connections(),
        load.depth(),
        seconds,
        all.getTotalCount(),
        all.getTotalCount() / seconds,
        results.stream().mapToLong(each -> each.bytes).sum() / seconds / (1 << 20),
        results.stream().mapToLong(each -> each.entries).sum() / seconds,
        all.getValueAtPercentile(50) / NANOS_PER_MICRO,
        all.getValueAtPercentile(90) / NANOS_PER_MICRO,
        all.getValueAtPercentile(99) / NANOS_PER_MICRO,
        all.getValueAtPercentile(99.9) / NANOS_PER_MICRO,
        all.getMaxValue() / NANOS_PER_MICRO,
        mean == 0 ? 0 : least / mean,
        results.stream().mapToLong(each -> each.errors).sum(),
        results.stream().mapToInt(each -> each.status).max().orElse(0),
        results.stream().mapToLong(each -> each.wrong).sum());
  }
}
