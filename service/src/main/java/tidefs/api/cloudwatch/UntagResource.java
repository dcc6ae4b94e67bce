package tidefs.api.cloudwatch;

import java.util.List;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.AlarmLimits;
import tidefs.control.alarm.AlarmRefusal;
import tidefs.control.alarm.Alarms;

/** UntagResource. */
record UntagResource(Alarms alarms) implements Operation {
  @Override
  public Structure perform(Input in) throws ServiceError {
    String name = AlarmShapes.tagged(in, alarms.place());
    List<String> keys = in.requiredTexts("TagKeys", AlarmLimits.TAGS);
    try {
      alarms.tag(
          name,
          tags -> {
            keys.forEach(tags::remove);
            return tags;
          });
    } catch (AlarmRefusal e) {
      throw AlarmShapes.notFound(alarms.place().arn(name));
    }
    return Structure.EMPTY;
  }
}
