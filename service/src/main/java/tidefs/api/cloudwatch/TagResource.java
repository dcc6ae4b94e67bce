package tidefs.api.cloudwatch;

import java.util.Map;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.AlarmRefusal;
import tidefs.control.alarm.Alarms;

/** TagResource. */
record TagResource(Alarms alarms) implements Operation {
  @Override
  public Structure perform(Input in) throws ServiceError {
    String name = AlarmShapes.tagged(in, alarms.place());
    Map<String, String> added = AlarmShapes.tags(in);
    try {
      alarms.tag(
          name,
          tags -> {
            tags.putAll(added);
            return tags;
          });
    } catch (AlarmRefusal e) {
      throw e.reason() == AlarmRefusal.Reason.NOT_FOUND
          ? AlarmShapes.notFound(alarms.place().arn(name))
          : Errors.of(e);
    }
    return Structure.EMPTY;
  }
}
