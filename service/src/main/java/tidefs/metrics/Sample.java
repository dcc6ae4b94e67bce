package tidefs.metrics;

/**
 * What a series has in one minute.
 *
 * @param epochSecond the beginning of the minute
 */
public record Sample(Series series, long epochSecond, StatisticSet values) {
  /** Sets the time back to the beginning of its minute. */
  public Sample {
    epochSecond -= Math.floorMod(epochSecond, Limits.MINUTE_SECONDS);
  }
}
