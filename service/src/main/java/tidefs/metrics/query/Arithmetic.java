package tidefs.metrics.query;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import tidefs.metrics.query.Value.Group;
import tidefs.metrics.query.Value.Scalar;
import tidefs.metrics.query.Value.TimeSeries;

/**
 * Operators between numbers, series and groups of series. Two series give a point where both have
 * one; what is no number (a division by zero) gives none.
 */
final class Arithmetic {
  private Arithmetic() {}

  static Value apply(String sign, Value left, Value right) throws QueryException {
    if (left instanceof Scalar(double a) && right instanceof Scalar(double b)) {
      return new Scalar(number(sign, a, b));
    }
    if (left instanceof Group(List<TimeSeries> all)) {
      List<TimeSeries> results = new ArrayList<>();
      for (TimeSeries each : all) {
        results.addAll(series(apply(sign, each, right)));
      }
      return new Group(results);
    }
    if (right instanceof Group(List<TimeSeries> all)) {
      List<TimeSeries> results = new ArrayList<>();
      for (TimeSeries each : all) {
        results.addAll(series(apply(sign, left, each)));
      }
      return new Group(results);
    }
    if (left instanceof TimeSeries a && right instanceof TimeSeries b) {
      return points(sign, a, b);
    }
    if (left instanceof TimeSeries a && right instanceof Scalar(double b)) {
      NavigableMap<Long, Double> points = new TreeMap<>();
      a.points().forEach((time, value) -> put(points, time, number(sign, value, b)));
      return new TimeSeries(points, a.periodSeconds());
    }
    if (left instanceof Scalar(double a) && right instanceof TimeSeries b) {
      NavigableMap<Long, Double> points = new TreeMap<>();
      b.points().forEach((time, value) -> put(points, time, number(sign, a, value)));
      return new TimeSeries(points, b.periodSeconds());
    }
    throw new QueryException(
        "Error in expression: '" + sign + "' needs numbers or metrics: " + name(left, right));
  }

  private static String name(Value left, Value right) {
    for (Value each : List.of(left, right)) {
      if (each instanceof Value.Word(String word)) {
        return "unknown id '" + word + "'";
      }
    }
    return "a text is neither";
  }

  private static TimeSeries points(String sign, TimeSeries a, TimeSeries b) {
    NavigableMap<Long, Double> points = new TreeMap<>();
    a.points()
        .forEach((time, value) -> {
          Double other = b.points().get(time);
          if (other != null) {
            put(points, time, number(sign, value, other));
          }
        });
    return new TimeSeries(points, Math.max(a.periodSeconds(), b.periodSeconds()));
  }

  static void put(NavigableMap<Long, Double> points, long time, double value) {
    if (Double.isFinite(value)) {
      points.put(time, value);
    }
  }

  private static double number(String sign, double a, double b) {
    return switch (sign) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "^" -> Math.pow(a, b);
      case "<" -> truth(a < b);
      case "<=" -> truth(a <= b);
      case ">" -> truth(a > b);
      case ">=" -> truth(a >= b);
      case "==" -> truth(a == b);
      case "!=" -> truth(a != b);
      case "&&" -> truth(a != 0 && b != 0);
      case "||" -> truth(a != 0 || b != 0);
      default -> throw new IllegalArgumentException("no operator: " + sign);
    };
  }

  private static double truth(boolean holds) {
    return holds ? 1 : 0;
  }

  /** The series in a value. */
  static List<TimeSeries> series(Value value) throws QueryException {
    return switch (value) {
      case TimeSeries series -> List.of(series);
      case Group(List<TimeSeries> all) -> all;
      case Scalar _, Value.Text _ ->
          throw new QueryException("Error in expression: a metric is expected");
      case Value.Word(String word) ->
          throw new QueryException("Error in expression: unknown id '" + word + "'");
    };
  }
}
