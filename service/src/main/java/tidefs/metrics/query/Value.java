package tidefs.metrics.query;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What an expression is worth. */
sealed interface Value {
  /** A number. */
  record Scalar(double number) implements Value {}

  /** A text, as an argument. */
  record Text(String text) implements Value {}

  /** A word that is no id, such as REPEAT. */
  record Word(String text) implements Value {}

  /** A number for each of some times, and the period between them. */
  record TimeSeries(NavigableMap<Long, Double> points, int periodSeconds) implements Value {
    static TimeSeries empty(int periodSeconds) {
      return new TimeSeries(new TreeMap<>(), periodSeconds);
    }
  }

  /** Several series. */
  record Group(List<TimeSeries> series) implements Value {}
}
