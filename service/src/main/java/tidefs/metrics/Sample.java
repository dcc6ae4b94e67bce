package tidefs.metrics;

import tidefs.metrics.Blocks.Resolution;

/**
 * What a series has in one minute, or in one second.
 *
 * @param epochSecond the beginning of the minute or second
 * @param highResolution whether it is a second
 */
public record Sample(Series series, long epochSecond, StatisticSet values, boolean highResolution) {
  /** Sets the time back to the beginning of its minute. */
  public Sample {
    epochSecond = (highResolution ? Resolution.SECOND : Resolution.MINUTE).pointStart(epochSecond);
  }

  /** A sample of the resolution that metrics have unless they say otherwise: a minute. */
  public Sample(Series series, long epochSecond, StatisticSet values) {
    this(series, epochSecond, values, false);
  }
}
