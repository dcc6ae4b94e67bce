package tidefs.api.cloudwatch;

import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.AlarmRefusal;
import tidefs.control.alarm.Alarms;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** SetAlarmState. */
record SetAlarmState(Alarms alarms) implements Operation {
  private static final int REASON_CHARACTERS = 1_023;
  private static final int DATA_CHARACTERS = 4_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Override
  public Structure perform(Input in) throws ServiceError {
    String data = in.text("StateReasonData", DATA_CHARACTERS).orElse("");
    checkJson(data);
    try {
      alarms.setState(
          in.requiredText("AlarmName", Shapes.NAME_CHARACTERS),
          AlarmShapes.state(in),
          in.requiredText("StateReason", REASON_CHARACTERS),
          data);
    } catch (AlarmRefusal e) {
      throw Errors.of(e);
    }
    return Structure.EMPTY;
  }

  private static void checkJson(String data) throws ServiceError {
    if (data.isEmpty()) {
      return;
    }
    try {
      JSON.readTree(data);
    } catch (JacksonException e) {
      throw new ServiceError(400, "InvalidFormat", "StateReasonData is not well-formed JSON.");
    }
  }
}
