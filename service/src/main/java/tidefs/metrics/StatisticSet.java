package tidefs.metrics;

/** What is kept of the samples of one period. */
public record StatisticSet(double sampleCount, double sum, double minimum, double maximum) {
  /** One sample. */
  public static StatisticSet of(double value) {
    return new StatisticSet(1, value, value, value);
  }

  /** These samples and {@code more}. */
  public StatisticSet plus(StatisticSet more) {
    return new StatisticSet(
        sampleCount + more.sampleCount,
        sum + more.sum,
        Math.min(minimum, more.minimum),
        Math.max(maximum, more.maximum));
  }

  /** The mean of the samples. */
  public double average() {
    return sum / sampleCount;
  }
}
