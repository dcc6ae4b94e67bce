package tidefs.api.cloudwatch;

import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.Alarm;
import tidefs.control.alarm.Alarms;

/** ListTagsForResource. */
record ListTagsForResource(Alarms alarms) implements Operation {
  @Override
  public Structure perform(Input in) throws ServiceError {
    String name = AlarmShapes.tagged(in, alarms.place());
    Alarm alarm = alarms.all().get(name);
    if (alarm == null) {
      throw AlarmShapes.notFound(alarms.place().arn(name));
    }
    return Structure.with().put("Tags", AlarmShapes.of(alarm.tags())).end();
  }
}
