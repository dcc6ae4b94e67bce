package tidefs.control.alarm;

import java.time.Instant;

/**
 * Something that happened to an alarm.
 *
 * @param data JSON
 */
public record HistoryItem(String alarmName, Instant time, Type type, String summary, String data) {
  /** What kind of thing happened. */
  public enum Type {
    CONFIGURATION_UPDATE("ConfigurationUpdate"),
    STATE_UPDATE("StateUpdate"),
    ACTION("Action");

    private final String wireName;

    Type(String wireName) {
      this.wireName = wireName;
    }

    /** The name in the API. */
    public String wireName() {
      return wireName;
    }
  }
}
