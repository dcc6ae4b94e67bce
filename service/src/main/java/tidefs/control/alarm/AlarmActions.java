package tidefs.control.alarm;

/** Carries out what alarms are to do. */
@FunctionalInterface
public interface AlarmActions {
  /**
   * Carries out an action, or sees to it that it will be: must not wait.
   *
   * @param action its ARN
   * @param subject a line about it
   * @param message the change of state, as JSON
   * @return what to write in the history: empty if the action could be taken, else why not
   */
  String perform(String action, String subject, String message);
}
