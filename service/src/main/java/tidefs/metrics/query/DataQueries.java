package tidefs.metrics.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.query.DataQuery.Source;
import tidefs.metrics.query.Value.TimeSeries;

/** Questions that are asked together, and refer to each other by id. */
public final class DataQueries {
  private final List<DataQuery> queries;
  private final Map<String, Expression> expressions = new HashMap<>();

  /** Checks the questions: their ids, their expressions and what these refer to. */
  public DataQueries(List<DataQuery> queries) throws QueryException {
    this.queries = List.copyOf(queries);
    Set<String> ids = new HashSet<>();
    for (DataQuery query : queries) {
      if (!query.id().matches("[a-z][a-zA-Z0-9_]{0,254}")) {
        throw new QueryException("The id '" + query.id() + "' does not begin with a small letter");
      }
      if (!ids.add(query.id())) {
        throw new QueryException("The id '" + query.id() + "' is used twice");
      }
      if (query.source() instanceof Source.OfExpression of) {
        expressions.put(query.id(), Expression.parse(of.text()));
      }
    }
  }

  /**
   * The answer to one question.
   *
   * @param points by their times, in seconds since 1970
   */
  public record Answer(
      DataQuery query, String label, NavigableMap<Long, Double> points, int periodSeconds) {}

  /** The shortest period that any metric of these is asked in. */
  public int shortestPeriodSeconds() {
    int shortest = Integer.MAX_VALUE;
    for (DataQuery query : queries) {
      if (query.source() instanceof Source.OfMetric of) {
        shortest = Math.min(shortest, of.periodSeconds());
      }
    }
    return shortest == Integer.MAX_VALUE ? 60 : shortest;
  }

  /** Where periods begin. */
  public enum Periods {
    /** At multiples of the period. */
    ALIGNED,
    /** At the beginning of the time asked for. */
    SLIDING
  }

  /** Answers those that are to be answered, for {@code from <= time < to}. */
  public List<Answer> ask(MetricArchive archive, long from, long to, Periods periods)
      throws QueryException {
    Map<String, Value> values = new HashMap<>();
    List<String> metricIds = new ArrayList<>();
    for (DataQuery query : queries) {
      if (query.source() instanceof Source.OfMetric of) {
        values.put(query.id(), read(archive, of, from, to, periods));
        metricIds.add(query.id());
      }
    }
    Expression.Scope scope =
        new Expression.Scope(values, metricIds, from, to, shortestPeriodSeconds());
    Set<String> underWay = new HashSet<>();
    List<Answer> answers = new ArrayList<>();
    for (DataQuery query : queries) {
      evaluate(query.id(), scope, underWay);
      if (query.returnData()) {
        answers.addAll(answers(query, values, scope));
      }
    }
    return answers;
  }

  private static TimeSeries read(
      MetricArchive archive, Source.OfMetric of, long from, long to, Periods periods) {
    int period = of.periodSeconds();
    long start = periods == Periods.ALIGNED ? from - Math.floorMod(from, period) : from;
    NavigableMap<Long, Double> points = new TreeMap<>();
    archive
        .read(of.metric(), of.unit(), start, to, period)
        .forEach((time, set) -> of.statistic().of(set).ifPresent(v -> points.put(time, v)));
    return new TimeSeries(points, period);
  }

  private void evaluate(String id, Expression.Scope scope, Set<String> underWay)
      throws QueryException {
    Expression expression = expressions.get(id);
    if (expression == null || scope.values().containsKey(id)) {
      return;
    }
    if (!underWay.add(id)) {
      throw new QueryException("The expression '" + id + "' depends on itself");
    }
    for (String other : expression.ids()) {
      evaluate(other, scope, underWay);
    }
    scope.values().put(id, expression.evaluate(scope));
    underWay.remove(id);
  }

  private static List<Answer> answers(
      DataQuery query, Map<String, Value> values, Expression.Scope scope) throws QueryException {
    Value value = values.get(query.id());
    return switch (value) {
      case TimeSeries series ->
          List.of(new Answer(query, query.name(), series.points(), series.periodSeconds()));
      case Value.Group group -> {
        List<Answer> answers = new ArrayList<>();
        for (TimeSeries series : group.series()) {
          answers.add(new Answer(query, query.name(), series.points(), series.periodSeconds()));
        }
        yield answers;
      }
      case Value.Scalar(double number) -> List.of(constant(query, number, scope));
      case Value.Text _, Value.Word _ ->
          throw new QueryException("The expression '" + query.id() + "' is no number");
      case null -> throw new QueryException("The expression '" + query.id() + "' has no value");
    };
  }

  /** A number alone is drawn as a line over the whole time. */
  private static Answer constant(DataQuery query, double number, Expression.Scope scope) {
    int period = scope.periodSeconds();
    NavigableMap<Long, Double> points = new TreeMap<>();
    long first = scope.from() - Math.floorMod(scope.from(), period);
    for (long time = first; time < scope.to(); time += period) {
      points.put(time, number);
    }
    return new Answer(query, query.name(), points, period);
  }
}
