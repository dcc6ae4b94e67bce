package tidefs.api.cloudwatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
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
    // Half-open stretches of time: [begin, end) upwards, (end, begin] downwards.
    long begin = position >= 0 ? position : ascending ? all.from() - span : all.to();
    if (position < 0 && ascending) {
      begin = all.from() - Math.floorMod(all.from(), 86_400L);
    }
    boolean more = false;
    long next = 0;
    List<Datum> results = new ArrayList<>();
    for (DataQueries.Answer answer : answers) {
      NavigableMap<Long, Double> rest =
          ascending
              ? answer.points().tailMap(begin, true)
              : answer.points().headMap(begin, true).descendingMap();
      long end = ascending ? begin + span : begin - span;
      NavigableMap<Long, Double> now = rest.size() <= perResult ? rest : rest.headMap(end, false);
      if (now.size() < rest.size()) {
        more = true;
        next = end;
      }
      results.add(of(answer, now, now.size() < rest.size()));
    }
    Datum.Builder out = Structure.with().put("MetricDataResults", results);
    out.put("Messages", List.of());
    return more ? out.put("NextToken", Pages.token(Long.toString(next))).end() : out.end();
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
