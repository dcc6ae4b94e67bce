package tidefs.api.cloudwatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.base.Clock;
import tidefs.metrics.Metric;
import tidefs.metrics.MetricArchive;

/** ListMetrics: those that had a point in the last two weeks, or three hours. */
record ListMetrics(MetricArchive archive, Clock clock) implements Operation {
  private static final int PAGE = 500;
  private static final int FILTERS = 10;
  private static final Duration LISTED = Duration.ofDays(14);

  @Override
  public Structure perform(Input in) throws ServiceError {
    String namespace = in.text("Namespace", Shapes.NAME_CHARACTERS).orElse("");
    String name = in.text("MetricName", Shapes.NAME_CHARACTERS).orElse("");
    Duration age = LISTED;
    if (in.has("RecentlyActive")) {
      if (!in.text("RecentlyActive").orElse("").equals("PT3H")) {
        throw in.invalid("RecentlyActive", "must be PT3H.");
      }
      age = Duration.ofHours(3);
    }
    Map<String, String> filters = new HashMap<>();
    for (Input each : in.structures("Dimensions", FILTERS)) {
      filters.put(each.requiredText("Name", Shapes.NAME_CHARACTERS), each.text("Value").orElse(""));
    }
    long from = Pages.position(in, 0);
    List<Datum> page = new ArrayList<>();
    long position = 0;
    for (Metric metric : archive.metrics(clock.now(), age)) {
      boolean wanted =
          (namespace.isEmpty() || namespace.equals(metric.namespace()))
              && (name.isEmpty() || name.equals(metric.name()))
              && fits(metric, filters);
      if (!wanted || position++ < from) {
        continue;
      }
      if (page.size() == PAGE) {
        return Structure.with()
            .put("Metrics", page)
            .put("NextToken", Pages.token(Long.toString(from + PAGE)))
            .end();
      }
      page.add(Shapes.of(metric));
    }
    return Structure.with().put("Metrics", page).end();
  }

  private static boolean fits(Metric metric, Map<String, String> filters) {
    return filters.entrySet().stream()
        .allMatch(filter ->
            metric.dimensions().stream()
                .anyMatch(each ->
                    each.name().equals(filter.getKey())
                        && (filter.getValue().isEmpty()
                            || each.value().equals(filter.getValue()))));
  }
}
