package tidefs.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tidefs.metrics.Metric;
import tidefs.metrics.MetricArchive;
import tidefs.metrics.Sample;
import tidefs.metrics.Series;
import tidefs.metrics.StatisticSet;
import tidefs.metrics.Units;
import tidefs.metrics.query.DataQuery.Source;
import tidefs.testkit.MemoryKeyValueStore;

final class DataQueriesTest {
  private static final long T = 1_800_000_000 - 1_800_000_000 % 3_600;
  private final MetricArchive archive = new MetricArchive(new MemoryKeyValueStore());

  DataQueriesTest() throws MetricArchive.FullException {
    put("a", 0, 60);
    put("a", 1, 120);
    put("a", 3, 600);
    put("b", 0, 2);
    put("b", 1, 0);
    put("b", 2, 4);
  }

  private void put(String name, int minute, double value) throws MetricArchive.FullException {
    Series series = new Series(new Metric("N", name, List.of()), Units.BYTES);
    archive.put(List.of(new Sample(series, T + 60 * minute, StatisticSet.of(value))));
  }

  private Map<Long, Double> evaluate(String expression) throws QueryException {
    return evaluate(expression, List.of());
  }

  private Map<Long, Double> evaluate(String expression, List<DataQuery> more)
      throws QueryException {
    List<DataQuery> queries = new ArrayList<>(more);
    queries.add(metric("m1", "a"));
    queries.add(metric("m2", "b"));
    queries.add(expression("e", expression, true));
    var answers = new DataQueries(queries).ask(archive, T, T + 240, DataQueries.Periods.ALIGNED);
    assertThat(answers).hasSize(1);
    Map<Long, Double> minutes = new java.util.TreeMap<>();
    answers.getFirst().points().forEach((time, value) -> minutes.put((time - T) / 60, value));
    return minutes;
  }

  private static DataQuery metric(String id, String name) {
    Metric metric = new Metric("N", name, List.of());
    return new DataQuery(id, new Source.OfMetric(metric, 60, new Statistic("Sum"), ""), "", false);
  }

  private static DataQuery expression(String id, String text, boolean returned) {
    return new DataQuery(id, new Source.OfExpression(text, Optional.empty()), "", returned);
  }

  @Test
  void theDocumentedExpressionsOfEfsWork() throws QueryException {
    // "Using metric math with CloudWatch metrics": utilization.
    var between =
        List.of(
            expression("e1", "(m1/1048576)/PERIOD(m1)", false),
            expression("e2", "m2/1048576", false));
    assertThat(evaluate("((e1)*100)/(e2)", between)).isEqualTo(Map.of(0L, 50.0));
  }

  @Test
  void operatorsBindAsInArithmetic() throws QueryException {
    assertThat(evaluate("1 + 2 * 3 - 8 / 4 / 2")).containsEntry(0L, 6.0).hasSize(4);
    assertThat(evaluate("-(1 - 2 - 3) ^ 2")).containsEntry(0L, 16.0);
    assertThat(evaluate("m1 - 60 + m1")).isEqualTo(Map.of(0L, 60.0, 1L, 180.0, 3L, 1_140.0));
  }

  @Test
  void twoMetricsMeetWhereBothHavePointsAndNothingIsDividedByZero() throws QueryException {
    assertThat(evaluate("m1 / m2")).isEqualTo(Map.of(0L, 30.0));
    assertThat(evaluate("m1 + m2")).isEqualTo(Map.of(0L, 62.0, 1L, 120.0));
  }

  @Test
  void functionsOfGroupsGiveASeriesAndOfOneMetricANumber() throws QueryException {
    assertThat(evaluate("SUM(METRICS())"))
        .isEqualTo(Map.of(0L, 62.0, 1L, 120.0, 2L, 4.0, 3L, 600.0));
    assertThat(evaluate("AVG([m1, m2])")).containsEntry(0L, 31.0).containsEntry(2L, 4.0);
    assertThat(evaluate("MAX(METRICS(\"m2\"))")).isEqualTo(Map.of(0L, 2.0, 1L, 0.0, 2L, 4.0));
    assertThat(evaluate("MIN(m1)")).hasSize(4).containsValue(60.0);
    assertThat(evaluate("m2 / SUM(m2) * 6")).isEqualTo(Map.of(0L, 2.0, 1L, 0.0, 2L, 4.0));
  }

  @Test
  void rateIsPerSecondBetweenPoints() throws QueryException {
    assertThat(evaluate("RATE(m1)")).isEqualTo(Map.of(1L, 1.0, 3L, 4.0));
    assertThat(evaluate("DIFF(m1)")).isEqualTo(Map.of(1L, 60.0, 3L, 480.0));
  }

  @Test
  void fillPutsPointsWhereThereAreNone() throws QueryException {
    assertThat(evaluate("FILL(m1, 0)")).containsEntry(2L, 0.0).hasSize(4);
    assertThat(evaluate("FILL(m1, REPEAT)")).containsEntry(2L, 120.0);
    assertThat(evaluate("FILL(m1, LINEAR)")).containsEntry(2L, 360.0);
    assertThat(evaluate("FILL(m1, m2)")).containsEntry(2L, 4.0);
    assertThat(evaluate("FILL(m2, REPEAT)")).containsEntry(3L, 4.0);
  }

  @Test
  void ifChoosesPointByPoint() throws QueryException {
    assertThat(evaluate("IF(m2 > 1, m2, 9)")).isEqualTo(Map.of(0L, 2.0, 1L, 9.0, 2L, 4.0));
    assertThat(evaluate("IF(m2 > 1 && m2 < 3, m2)")).isEqualTo(Map.of(0L, 2.0));
    assertThat(evaluate("IF(m2, m1)")).isEqualTo(Map.of(0L, 60.0));
    assertThat(evaluate("IF(1 == 2, m1, m2)")).hasSize(3);
  }

  @Test
  void whatMakesNoSenseIsRefusedWithAReason() {
    for (String wrong :
        List.of(
            "m1 +",
            "(m1",
            "m9 * 2",
            "NOPE(m1)",
            "m1 $ 2",
            "FILL(m1)",
            "e + 1",
            "'text'",
            "(".repeat(5_000))) {
      assertThatThrownBy(() -> evaluate(wrong)).as(wrong).isInstanceOf(QueryException.class);
    }
    assertThatThrownBy(() -> new DataQueries(List.of(metric("M1", "a"))))
        .isInstanceOf(QueryException.class);
  }

  @Test
  void percentilesAreKnownWhereAllSamplesAreTheSame() {
    assertThat(new Statistic("p99").of(StatisticSet.of(7))).hasValue(7);
    assertThat(new Statistic("p99").of(new StatisticSet(2, 3, 1, 2))).isEmpty();
    assertThat(Statistic.named("p101")).isEmpty();
    assertThat(Statistic.named("Median")).isEmpty();
  }
}
