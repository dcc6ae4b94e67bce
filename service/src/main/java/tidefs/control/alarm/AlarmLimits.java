package tidefs.control.alarm;

/** Limits of alarms ("CloudWatch service quotas"). */
public final class AlarmLimits {
  /** Alarms in the Region. */
  public static final int ALARMS = 5_000;

  /** How long history is kept. */
  public static final int HISTORY_DAYS = 30;

  /** Items of history, of all alarms; the oldest go first. */
  public static final int HISTORY_ITEMS = 50_000;

  /** Tags of an alarm. */
  public static final int TAGS = 50;

  private AlarmLimits() {}
}
