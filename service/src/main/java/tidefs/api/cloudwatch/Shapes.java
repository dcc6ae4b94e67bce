package tidefs.api.cloudwatch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.metrics.Metric;
import tidefs.metrics.Metric.Dimension;
import tidefs.metrics.Units;
import tidefs.metrics.query.DataQuery;
import tidefs.metrics.query.DataQuery.Source;
import tidefs.metrics.query.Statistic;

/** Shapes that several operations share. */
final class Shapes {
  static final int NAME_CHARACTERS = 255;
  static final int DIMENSIONS = 30;
  static final int QUERIES = 500;
  private static final int VALUE_CHARACTERS = 1_024;
  private static final int EXPRESSION_CHARACTERS = 2_048;
  private static final int LONGEST_PERIOD_SECONDS = 86_400 * 365;
  private static final Set<Integer> SHORT_PERIODS = Set.of(1, 5, 10, 20, 30);

  private Shapes() {}

  static Metric metric(Input in) throws ServiceError {
    return new Metric(
        namespace(in), in.requiredText("MetricName", NAME_CHARACTERS), dimensions(in));
  }

  static String namespace(Input in) throws ServiceError {
    String namespace = in.requiredText("Namespace", NAME_CHARACTERS);
    if (namespace.startsWith(":")) {
      throw in.invalid("Namespace", "must not begin with a colon.");
    }
    return namespace;
  }

  static List<Dimension> dimensions(Input in) throws ServiceError {
    List<Dimension> dimensions = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Input each : in.structures("Dimensions", DIMENSIONS)) {
      String name = each.requiredText("Name", NAME_CHARACTERS);
      if (!names.add(name)) {
        throw in.invalid("Dimensions", "must not name the same dimension twice.");
      }
      dimensions.add(new Dimension(name, each.requiredText("Value", VALUE_CHARACTERS)));
    }
    return dimensions;
  }

  /** A unit, or none if none is said. */
  static String unit(Input in) throws ServiceError {
    String unit = in.text("Unit").orElse("");
    if (!unit.isEmpty() && !Units.ALL.contains(unit)) {
      throw in.invalid("Unit", "must be one of the standard units.");
    }
    return unit;
  }

  static int period(Input in) throws ServiceError {
    int period = in.requiredWhole("Period", 1, LONGEST_PERIOD_SECONDS);
    if (period % 60 != 0 && !SHORT_PERIODS.contains(period)) {
      throw in.invalid("Period", "must be 1, 5, 10, 20, 30 or a multiple of 60.");
    }
    return period;
  }

  static Statistic statistic(Input in, String member, Function<String, Optional<Statistic>> named)
      throws ServiceError {
    String name = in.requiredText(member, NAME_CHARACTERS);
    return named.apply(name).orElseThrow(() -> in.invalid(member, "is not a statistic."));
  }

  static List<DataQuery> queries(Input in, String member) throws ServiceError {
    List<DataQuery> queries = new ArrayList<>();
    for (Input each : in.structures(member, QUERIES)) {
      queries.add(
          new DataQuery(
              each.requiredText("Id", NAME_CHARACTERS),
              source(each),
              each.text("Label", VALUE_CHARACTERS).orElse(""),
              each.flag("ReturnData").orElse(true)));
    }
    return queries;
  }

  private static Source source(Input in) throws ServiceError {
    Optional<Input> stat = in.structure("MetricStat");
    Optional<String> expression = in.text("Expression", EXPRESSION_CHARACTERS);
    if (stat.isPresent() == expression.isPresent()) {
      throw Errors.combination(
          "Exactly one of MetricStat and Expression is needed in " + in.path());
    }
    if (expression.isPresent()) {
      Optional<Integer> period = in.has("Period") ? Optional.of(period(in)) : Optional.empty();
      return new Source.OfExpression(expression.get(), period);
    }
    Input its = stat.get();
    return new Source.OfMetric(
        metric(its.requiredStructure("Metric")),
        period(its),
        statistic(its, "Stat", Statistic::named),
        unit(its));
  }

  static Structure of(Metric metric) {
    return Structure.with()
        .put("Namespace", metric.namespace())
        .put("MetricName", metric.name())
        .put("Dimensions", of(metric.dimensions()))
        .end();
  }

  static List<Datum> of(List<Dimension> dimensions) {
    List<Datum> all = new ArrayList<>();
    for (Dimension each : dimensions) {
      all.add(Structure.with().put("Name", each.name()).put("Value", each.value()).end());
    }
    return all;
  }

  static Structure of(DataQuery query) {
    Datum.Builder out = Structure.with().put("Id", query.id());
    switch (query.source()) {
      case Source.OfMetric of ->
          out.put(
              "MetricStat",
              Structure.with()
                  .put("Metric", of(of.metric()))
                  .put("Period", of.periodSeconds())
                  .put("Stat", of.statistic().name())
                  .putUnlessEmpty("Unit", of.unit())
                  .end());
      case Source.OfExpression of -> {
        out.put("Expression", of.text());
        of.periodSeconds().ifPresent(period -> out.put("Period", period));
      }
    }
    return out.putUnlessEmpty("Label", query.label()).put("ReturnData", query.returnData()).end();
  }
}
