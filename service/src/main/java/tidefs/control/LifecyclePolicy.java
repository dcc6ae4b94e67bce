package tidefs.control;

/** One rule of a lifecycle configuration: which transition, and after what. */
public record LifecyclePolicy(Transition transition, After after) {
  /** Where files go. */
  public enum Transition {
    TO_IA,
    TO_ARCHIVE,
    TO_PRIMARY_STORAGE_CLASS,
  }

  /** When they go. The names are those of the EFS API. */
  public enum After {
    AFTER_1_ACCESS(0),
    AFTER_1_DAY(1),
    AFTER_7_DAYS(7),
    AFTER_14_DAYS(14),
    AFTER_30_DAYS(30),
    AFTER_60_DAYS(60),
    AFTER_90_DAYS(90),
    AFTER_180_DAYS(180),
    AFTER_270_DAYS(270),
    AFTER_365_DAYS(365);

    private final int days;

    After(int days) {
      this.days = days;
    }

    /** Days without access; 0 for the first access. */
    public int days() {
      return days;
    }
  }
}
