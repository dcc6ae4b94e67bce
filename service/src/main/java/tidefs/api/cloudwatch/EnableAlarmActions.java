package tidefs.api.cloudwatch;

import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.Alarms;

/** EnableAlarmActions. */
record EnableAlarmActions(Alarms alarms) implements Operation {
  @Override
  public Structure perform(Input in) throws ServiceError {
    alarms.enableActions(in.requiredTexts("AlarmNames", AlarmShapes.NAMES), true);
    return Structure.EMPTY;
  }
}
