package tidefs.control.notify;

/** Limits of topics and deliveries. */
public final class NotifyLimits {
  public static final int TOPICS = 1_000;
  public static final int SUBSCRIPTIONS = 10_000;
  public static final int MESSAGE_BYTES = 256 << 10;
  public static final int SUBJECT_CHARACTERS = 100;
  public static final int ENDPOINT_CHARACTERS = 2_048;

  /** Deliveries under way or waiting; more are dropped, and logged. */
  static final int DELIVERIES = 10_000;

  /** How often a delivery is tried. */
  static final int ATTEMPTS = 10;

  /** The pause before the second attempt; each further one is twice as long, up to a limit. */
  static final int FIRST_PAUSE_MILLIS = 1_000;

  static final int LONGEST_PAUSE_MILLIS = 120_000;
  static final int CONNECT_SECONDS = 5;
  static final int ANSWER_SECONDS = 15;

  private NotifyLimits() {}
}
