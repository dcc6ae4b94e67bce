package tidefs.api.cloudwatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.base.Clock;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.query.DataQueries;
import tidefs.metrics.query.DataQuery;
import tidefs.metrics.query.QueryException;

/**
 * GetMetricData. A page holds points of a stretch of time for all results; the token names where in
 * time the next one begins.
 */
record GetMetricData(MetricArchive archive, Clock clock) implements Operation {
  private static final int POINTS = 100_800;

  @Override
  public Structure perform(Input in) throws ServiceError {
    List<DataQuery> queries = Shapes.queries(in, "MetricDataQueries");
    if (queries.isEmpty()) {
      throw Errors.missing("MetricDataQueries");
    }
    long from = in.requiredTime("StartTime").getEpochSecond();
    long to = in.requiredTime("EndTime").getEpochSecond();
    if (to <= from) {
      throw new ServiceError(
          400, "ValidationError", "The parameter StartTime must be less than EndTime.");
    }
    boolean ascending = in.text("ScanBy").orElse("").equals("TimestampAscending");
    int limit = in.whole("MaxDatapoints", 1, POINTS).orElse(POINTS);
    try {
      DataQueries asked = new DataQueries(queries);
      return page(asked, new Range(from, to), ascending, limit, Pages.position(in, -1));
    } catch (QueryException e) {
      throw Errors.invalid(e);
    }
  }

  private record Range(long from, long to) {}

  private Structure page(DataQueries asked, Range all, boolean ascending, int limit, long position)
      throws QueryException {
    List<DataQueries.Answer> answers =
        asked.ask(archive, all.from(), all.to(), DataQueries.Periods.ALIGNED);
    long perResult = Math.max(1, limit / Math.max(1, answers.size()));
    long span = perResult * asked.shortestPeriodSeconds();
    long begin = position >= 0 ? position : first(answers, ascending).orElse(0);
    long end = ascending ? begin + span : begin - span;
    List<NavigableMap<Long, Double>> rests = new ArrayList<>();
    for (DataQueries.Answer answer : answers) {
      rests.add(
          ascending
              ? answer.points().tailMap(begin, true)
              : answer.points().headMap(begin, true).descendingMap());
    }
    // All results end at the same time, so that the next page repeats nothing.
    boolean cut = rests.stream().anyMatch(rest -> rest.size() > perResult);
    List<NavigableMap<Long, Double>> leftOver = new ArrayList<>();
    List<Datum> results = new ArrayList<>();
    for (int i = 0; i < rests.size(); i++) {
      NavigableMap<Long, Double> rest = rests.get(i);
      boolean partial = cut && !rest.tailMap(end, true).isEmpty();
      results.add(of(answers.get(i), cut ? rest.headMap(end, false) : rest, partial));
      if (partial) {
        leftOver.add(rest.tailMap(end, true));
      }
    }
    OptionalLong next =
        ascending
            ? leftOver.stream().mapToLong(NavigableMap::firstKey).min()
            : leftOver.stream().mapToLong(NavigableMap::firstKey).max();
    Datum.Builder out = Structure.with().put("MetricDataResults", results);
    out.put("Messages", List.of());
    return next.isPresent()
        ? out.put("NextToken", Pages.token(Long.toString(next.getAsLong()))).end()
        : out.end();
  }

  /** The first time that any answer has a point at. */
  private static OptionalLong first(List<DataQueries.Answer> answers, boolean ascending) {
    var times =
        answers.stream()
            .map(DataQueries.Answer::points)
            .filter(points -> !points.isEmpty())
            .mapToLong(points -> ascending ? points.firstKey() : points.lastKey());
    return ascending ? times.min() : times.max();
  }

  private static Structure of(
      DataQueries.Answer answer, NavigableMap<Long, Double> points, boolean partial) {
    List<Datum> times = new ArrayList<>();
    List<Datum> values = new ArrayList<>();
    points.forEach((time, value) -> {
      times.add(new Datum.Moment(Instant.ofEpochSecond(time)));
      values.add(new Datum.Real(value));
    });
    return Structure.with()
        .put("Id", answer.query().id())
        .put("Label", answer.label())
        .put("Timestamps", times)
        .put("Values", values)
        .put("StatusCode", partial ? "PartialData" : "Complete")
        .end();
  }
}
