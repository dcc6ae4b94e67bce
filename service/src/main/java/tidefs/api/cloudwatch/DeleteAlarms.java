package tidefs.api.cloudwatch;

import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.AlarmRefusal;
import tidefs.control.alarm.Alarms;

/** DeleteAlarms: those that exist are deleted, even if others do not, which is told. */
record DeleteAlarms(Alarms alarms) implements Operation {
  @Override
  public Structure perform(Input in) throws ServiceError {
    try {
      alarms.delete(in.requiredTexts("AlarmNames", AlarmShapes.NAMES));
    } catch (AlarmRefusal e) {
      throw Errors.of(e);
    }
    return Structure.EMPTY;
  }
}
