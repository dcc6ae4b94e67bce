package tidefs.control.alarm;

/** The state of an alarm; the names are the API's. */
public enum AlarmState {
  OK,
  ALARM,
  INSUFFICIENT_DATA
}
