package tidefs.metrics;

/** Limits of metrics: CloudWatch's periods of retention, and what bounds memory and disk. */
public final class Limits {
  public static final int MINUTE_SECONDS = 60;
  public static final int FIVE_MINUTES_SECONDS = 300;
  public static final int HOUR_SECONDS = 3_600;
  public static final int DAY_SECONDS = 86_400;

  /** How long one-minute points are kept. */
  public static final int MINUTE_POINTS_DAYS = 15;

  /** How long five-minute points are kept. */
  public static final int FIVE_MINUTE_POINTS_DAYS = 63;

  /** How long hourly points are kept. */
  public static final int HOUR_POINTS_DAYS = 455;

  /** How long points by the second are kept, at least. */
  public static final int SECOND_POINTS_SECONDS = 3 * HOUR_SECONDS;

  /** Different values, or ranges of values, of the samples of one point. */
  public static final int DISTRIBUTION_BUCKETS = 512;

  /** Series in the archive. */
  public static final int SERIES = 100_000;

  /** Points held in memory before they are packed, at the latest. */
  public static final int LOOSE_POINTS = 200_000;

  /** Buckets of distributions that weigh as much in memory as a point without. */
  public static final int BUCKETS_PER_POINT = 8;

  /** Points that one call may read. */
  public static final int POINTS_PER_READ = 1_000_000;

  private Limits() {}
}
