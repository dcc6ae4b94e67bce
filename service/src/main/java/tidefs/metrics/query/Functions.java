package tidefs.metrics.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import tidefs.metrics.query.Expression.Scope;
import tidefs.metrics.query.Value.Group;
import tidefs.metrics.query.Value.Scalar;
import tidefs.metrics.query.Value.TimeSeries;

/** The functions of metric math. */
final class Functions {
  private Functions() {}

  static Value call(String name, List<Value> arguments, Scope scope) throws QueryException {
    return switch (name) {
      case "METRICS" -> metrics(arguments, scope);
      case "PERIOD" -> new Scalar(first(arguments, name).periodSeconds());
      case "SUM", "AVG", "MIN", "MAX" -> reduce(name, argument(arguments, 0, name));
      case "RATE" -> each(argument(arguments, 0, name), series -> steps(series, true));
      case "DIFF" -> each(argument(arguments, 0, name), series -> steps(series, false));
      case "ABS" -> map(argument(arguments, 0, name), Math::abs);
      case "CEIL" -> map(argument(arguments, 0, name), Math::ceil);
      case "FLOOR" -> map(argument(arguments, 0, name), Math::floor);
      case "FILL" -> fill(arguments, scope);
      case "IF" -> choose(arguments);
      default -> throw new QueryException("Error in expression: unknown function '" + name + "'");
    };
  }

  @FunctionalInterface
  private interface SeriesFunction {
    TimeSeries of(TimeSeries series);
  }

  private static Value argument(List<Value> arguments, int index, String name)
      throws QueryException {
    if (index >= arguments.size()) {
      throw new QueryException("Error in expression: " + name + " needs more arguments");
    }
    return arguments.get(index);
  }

  private static TimeSeries first(List<Value> arguments, String name) throws QueryException {
    List<TimeSeries> series = Arithmetic.series(argument(arguments, 0, name));
    if (series.isEmpty()) {
      throw new QueryException("Error in expression: " + name + " needs a metric");
    }
    return series.getFirst();
  }

  private static Value each(Value value, SeriesFunction function) throws QueryException {
    if (value instanceof TimeSeries series) {
      return function.of(series);
    }
    List<TimeSeries> results = new ArrayList<>();
    for (TimeSeries series : Arithmetic.series(value)) {
      results.add(function.of(series));
    }
    return new Group(results);
  }

  private static Value map(Value value, DoubleUnaryOperator operator) throws QueryException {
    if (value instanceof Scalar(double number)) {
      return new Scalar(operator.applyAsDouble(number));
    }
    return each(
        value,
        series -> {
          NavigableMap<Long, Double> points = new TreeMap<>();
          series
              .points()
              .forEach((time, v) -> Arithmetic.put(points, time, operator.applyAsDouble(v)));
          return new TimeSeries(points, series.periodSeconds());
        });
  }

  private static Value metrics(List<Value> arguments, Scope scope) throws QueryException {
    String part =
        !arguments.isEmpty() && arguments.getFirst() instanceof Value.Text(String text) ? text : "";
    List<TimeSeries> series = new ArrayList<>();
    for (String id : scope.metricIds()) {
      Value value = scope.values().get(id);
      if (id.contains(part) && value != null) {
        series.addAll(Arithmetic.series(value));
      }
    }
    return new Group(series);
  }

  /** Of one series a number; of a group a series, made of the points of each time. */
  private static Value reduce(String name, Value value) throws QueryException {
    if (value instanceof TimeSeries series) {
      return series.points().isEmpty()
          ? series
          : new Scalar(reduced(name, List.copyOf(series.points().values())));
    }
    if (value instanceof Scalar) {
      return value;
    }
    List<TimeSeries> all = Arithmetic.series(value);
    NavigableSet<Long> times = new TreeSet<>();
    int period = 0;
    for (TimeSeries each : all) {
      times.addAll(each.points().keySet());
      period = Math.max(period, each.periodSeconds());
    }
    NavigableMap<Long, Double> points = new TreeMap<>();
    for (long time : times) {
      List<Double> there = new ArrayList<>();
      for (TimeSeries each : all) {
        Double point = each.points().get(time);
        if (point != null) {
          there.add(point);
        }
      }
      Arithmetic.put(points, time, reduced(name, there));
    }
    return new TimeSeries(points, period);
  }

  private static double reduced(String name, List<Double> values) {
    var stream = values.stream().mapToDouble(Double::doubleValue);
    return switch (name) {
      case "SUM" -> stream.sum();
      case "AVG" -> stream.average().orElse(Double.NaN);
      case "MIN" -> stream.min().orElse(Double.NaN);
      default -> stream.max().orElse(Double.NaN);
    };
  }

  /** The difference of each point from the one before, if wanted for each second between them. */
  private static TimeSeries steps(TimeSeries series, boolean perSecond) {
    NavigableMap<Long, Double> points = new TreeMap<>();
    Map.Entry<Long, Double> before = null;
    for (Map.Entry<Long, Double> point : series.points().entrySet()) {
      if (before != null) {
        double step = point.getValue() - before.getValue();
        double seconds = point.getKey() - before.getKey();
        Arithmetic.put(points, point.getKey(), perSecond ? step / seconds : step);
      }
      before = point;
    }
    return new TimeSeries(points, series.periodSeconds());
  }

  private static Value fill(List<Value> arguments, Scope scope) throws QueryException {
    Value filler = argument(arguments, 1, "FILL");
    boolean known =
        filler instanceof Scalar
            || filler instanceof TimeSeries
            || (filler instanceof Value.Word(String word)
                && (word.equals("REPEAT") || word.equals("LINEAR")));
    if (!known) {
      throw new QueryException(
          "Error in expression: FILL needs a number, a metric, REPEAT or LINEAR");
    }
    return each(argument(arguments, 0, "FILL"), series -> filled(series, filler, scope));
  }

  private static TimeSeries filled(TimeSeries series, Value filler, Scope scope) {
    NavigableMap<Long, Double> points = new TreeMap<>(series.points());
    int period = Math.max(series.periodSeconds(), 1);
    long first = Math.ceilDiv(scope.from(), period) * (long) period;
    long origin = points.isEmpty() ? first : points.firstKey();
    first = scope.from() + Math.floorMod(origin - scope.from(), period);
    for (long time = first; time < scope.to(); time += period) {
      Double point = points.containsKey(time) ? null : filling(series, filler, time);
      if (point != null) {
        points.put(time, point);
      }
    }
    return new TimeSeries(points, series.periodSeconds());
  }

  private static @org.jspecify.annotations.Nullable Double filling(
      TimeSeries series, Value filler, long time) {
    var before = series.points().lowerEntry(time);
    var after = series.points().higherEntry(time);
    return switch (filler) {
      case Scalar(double number) -> number;
      case TimeSeries other -> other.points().get(time);
      case Value.Word(String word) -> {
        if (before == null) {
          yield null;
        }
        if (word.equals("REPEAT")) {
          yield before.getValue();
        }
        yield after == null
            ? null
            : before.getValue()
                + (after.getValue() - before.getValue())
                    * (time - before.getKey())
                    / (after.getKey() - before.getKey());
      }
      case Value.Text _, Group _ -> null;
    };
  }

  private static Value choose(List<Value> arguments) throws QueryException {
    Value condition = argument(arguments, 0, "IF");
    Value then = argument(arguments, 1, "IF");
    Value otherwise = arguments.size() > 2 ? arguments.get(2) : null;
    if (condition instanceof Scalar(double number)) {
      Value chosen = number != 0 ? then : otherwise;
      return chosen != null ? chosen : TimeSeries.empty(0);
    }
    TimeSeries when = first(arguments, "IF");
    NavigableMap<Long, Double> points = new TreeMap<>();
    for (Map.Entry<Long, Double> each : when.points().entrySet()) {
      Value chosen = each.getValue() != 0 ? then : otherwise;
      Double value =
          switch (chosen) {
            case Scalar(double number) -> number;
            case TimeSeries series -> series.points().get(each.getKey());
            case Group _, Value.Text _, Value.Word _ ->
                throw new QueryException("Error in expression: IF needs numbers or metrics");
            case null -> null;
          };
      if (value != null) {
        Arithmetic.put(points, each.getKey(), value);
      }
    }
    return new TimeSeries(points, when.periodSeconds());
  }
}
