package tidefs.metrics;

/**
 * What is kept of the samples of one period.
 *
 * @param spread how the samples are distributed, if they are not all the same; none if that is not
 *     known, as of a set whose publisher told no more than these four numbers
 */
public record StatisticSet(
    double sampleCount, double sum, double minimum, double maximum, Distribution spread) {
  /** Samples of which no more than this is known. */
  public StatisticSet(double sampleCount, double sum, double minimum, double maximum) {
    this(sampleCount, sum, minimum, maximum, Distribution.NONE);
  }

  /** One sample. */
  public static StatisticSet of(double value) {
    return new StatisticSet(1, value, value, value);
  }

  /** {@code count} samples of the same value. */
  public static StatisticSet of(double value, double count) {
    return new StatisticSet(count, value * count, value, value);
  }

  /** These samples and {@code more}. */
  public StatisticSet plus(StatisticSet more) {
    double least = Math.min(minimum, more.minimum);
    double most = Math.max(maximum, more.maximum);
    return new StatisticSet(
        sampleCount + more.sampleCount,
        sum + more.sum,
        least,
        most,
        least == most ? Distribution.NONE : spread(more));
  }

  private Distribution spread(StatisticSet more) {
    boolean known = isDistributionKnown() && more.isDistributionKnown();
    return known ? distribution().plus(more.distribution()) : Distribution.NONE;
  }

  /** The four numbers alone. */
  public StatisticSet withoutSpread() {
    return new StatisticSet(sampleCount, sum, minimum, maximum);
  }

  /** The mean of the samples. */
  public double average() {
    return sum / sampleCount;
  }

  /**
   * How the samples are distributed. None if that is not known: of statistic sets whose minimum and
   * maximum differ, and of negative samples, of which CloudWatch gives no percentiles.
   */
  public Distribution distribution() {
    return minimum == maximum && minimum >= 0 ? Distribution.of(minimum, sampleCount) : spread;
  }

  private boolean isDistributionKnown() {
    return !spread.isEmpty() || (minimum == maximum && minimum >= 0);
  }
}
