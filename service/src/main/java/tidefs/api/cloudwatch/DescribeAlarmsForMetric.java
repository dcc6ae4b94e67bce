package tidefs.api.cloudwatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.Alarm;
import tidefs.control.alarm.Alarms;
import tidefs.metrics.Metric;
import tidefs.metrics.query.DataQuery;
import tidefs.metrics.query.DataQuery.Source;

/** DescribeAlarmsForMetric: alarms of metric math that use the metric are among them. */
record DescribeAlarmsForMetric(Alarms alarms) implements Operation {
  @Override
  public Structure perform(Input in) throws ServiceError {
    Metric metric = Shapes.metric(in);
    Optional<String> statistic =
        in.has("Statistic") ? in.text("Statistic") : in.text("ExtendedStatistic");
    Optional<Integer> period = in.has("Period") ? Optional.of(Shapes.period(in)) : Optional.empty();
    String unit = Shapes.unit(in);
    List<Datum> found = new ArrayList<>();
    for (Alarm alarm : alarms.all().values()) {
      boolean uses =
          alarm.configuration().queries().stream()
              .map(DataQuery::source)
              .anyMatch(source ->
                  source instanceof Source.OfMetric of
                      && of.metric().equals(metric)
                      && statistic.map(of.statistic().name()::equals).orElse(true)
                      && period.map(p -> p == of.periodSeconds()).orElse(true)
                      && (unit.isEmpty() || unit.equals(of.unit())));
      if (uses) {
        found.add(AlarmShapes.of(alarm, alarms.place()));
      }
    }
    return Structure.with().put("MetricAlarms", found).end();
  }
}
