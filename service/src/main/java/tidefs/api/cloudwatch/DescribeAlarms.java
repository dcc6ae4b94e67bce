package tidefs.api.cloudwatch;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.Alarm;
import tidefs.control.alarm.AlarmState;
import tidefs.control.alarm.Alarms;

/** DescribeAlarms. There are metric alarms only. */
record DescribeAlarms(Alarms alarms) implements Operation {
  private static final int PAGE = 100;

  @Override
  public Structure perform(Input in) throws ServiceError {
    List<String> names = in.texts("AlarmNames", AlarmShapes.NAMES);
    String prefix = in.text("AlarmNamePrefix", Shapes.NAME_CHARACTERS).orElse("");
    if (!names.isEmpty() && !prefix.isEmpty()) {
      throw Errors.combination("AlarmNames and AlarmNamePrefix exclude each other.");
    }
    Optional<AlarmState> state =
        in.has("StateValue") ? Optional.of(AlarmShapes.state(in)) : Optional.empty();
    String actionPrefix = in.text("ActionPrefix", 1_024).orElse("");
    List<String> types = in.texts("AlarmTypes", 10);
    int limit = in.whole("MaxRecords", 1, PAGE).orElse(PAGE);
    boolean metricAlarms = types.isEmpty() || types.contains("MetricAlarm");
    NavigableMap<String, Alarm> all = alarms.all();
    Optional<String> last = Pages.last(in);
    if (last.isPresent()) {
      all = all.tailMap(last.get(), false);
    }
    List<Datum> page = new ArrayList<>();
    String token = "";
    String previous = "";
    for (Alarm alarm : metricAlarms ? all.values() : List.<Alarm>of()) {
      boolean wanted =
          (names.isEmpty() || names.contains(alarm.name()))
              && alarm.name().startsWith(prefix)
              && (state.isEmpty() || state.get() == alarm.state())
              && hasAction(alarm, actionPrefix);
      if (!wanted) {
        continue;
      }
      if (page.size() == limit) {
        token = Pages.token(previous);
        break;
      }
      previous = alarm.name();
      page.add(AlarmShapes.of(alarm, alarms.place()));
    }
    return Structure.with()
        .put("MetricAlarms", page)
        .put("CompositeAlarms", List.of())
        .putUnlessEmpty("NextToken", token)
        .end();
  }

  private static boolean hasAction(Alarm alarm, String prefix) {
    if (prefix.isEmpty()) {
      return true;
    }
    for (AlarmState state : AlarmState.values()) {
      if (alarm.configuration().actions().of(state).stream()
          .anyMatch(action -> action.startsWith(prefix))) {
        return true;
      }
    }
    return false;
  }
}
