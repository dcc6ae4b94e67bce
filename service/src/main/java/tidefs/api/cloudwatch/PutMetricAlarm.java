package tidefs.api.cloudwatch;

import java.util.List;
import java.util.Optional;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.AlarmConfiguration;
import tidefs.control.alarm.AlarmRefusal;
import tidefs.control.alarm.Alarms;
import tidefs.control.alarm.Comparison;
import tidefs.control.alarm.MissingData;
import tidefs.metrics.query.DataQueries;
import tidefs.metrics.query.DataQuery;
import tidefs.metrics.query.DataQuery.Source;
import tidefs.metrics.query.QueryException;
import tidefs.metrics.query.Statistic;

/** PutMetricAlarm. */
record PutMetricAlarm(Alarms alarms) implements Operation {
  private static final List<String> MEMBERS_OF_METRIC =
      List.of("MetricName", "Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic");
  private static final int ACTIONS = 5;
  private static final int ARN_CHARACTERS = 1_024;
  private static final int DESCRIPTION_CHARACTERS = 1_024;
  private static final int MOST_PERIODS = 10_080;
  private static final int DAY_SECONDS = 86_400;
  private static final int HOUR_SECONDS = 3_600;
  private static final int WEEK_SECONDS = 604_800;

  @Override
  public Structure perform(Input in) throws ServiceError {
    boolean isMath = !in.structures("Metrics", Shapes.QUERIES).isEmpty();
    List<DataQuery> queries = isMath ? math(in) : List.of(metric(in));
    AlarmConfiguration configuration =
        new AlarmConfiguration(
            in.requiredText("AlarmName", Shapes.NAME_CHARACTERS),
            in.text("AlarmDescription", DESCRIPTION_CHARACTERS).orElse(""),
            new AlarmConfiguration.Actions(
                in.flag("ActionsEnabled").orElse(true),
                actions(in, "OKActions"),
                actions(in, "AlarmActions"),
                actions(in, "InsufficientDataActions")),
            queries,
            isMath,
            rule(in),
            lowSampleCount(in));
    checkPeriods(configuration);
    checkSpan(configuration);
    try {
      alarms.put(configuration, AlarmShapes.tags(in));
    } catch (AlarmRefusal e) {
      throw Errors.of(e);
    }
    return Structure.EMPTY;
  }

  private static List<String> actions(Input in, String name) throws ServiceError {
    List<String> actions = in.texts(name, ACTIONS);
    for (String action : actions) {
      if (!action.startsWith("arn:") || action.length() > ARN_CHARACTERS) {
        throw in.invalid(name, "must hold ARNs; '" + action + "' is none.");
      }
    }
    return actions;
  }

  private static DataQuery metric(Input in) throws ServiceError {
    if (in.has("Statistic") == in.has("ExtendedStatistic")) {
      throw in.has("Statistic")
          ? Errors.combination("Statistic and ExtendedStatistic exclude each other.")
          : Errors.missing("Statistic");
    }
    Statistic statistic =
        in.has("Statistic")
            ? Shapes.statistic(in, "Statistic", Statistic::simple)
            : Shapes.statistic(in, "ExtendedStatistic", Statistic::extended);
    int period = Shapes.period(in);
    return new DataQuery(
        "m1", new Source.OfMetric(Shapes.metric(in), period, statistic, Shapes.unit(in)), "", true);
  }

  private static List<DataQuery> math(Input in) throws ServiceError {
    for (String other : MEMBERS_OF_METRIC) {
      if (in.has(other)) {
        throw Errors.combination("Metrics and " + other + " exclude each other.");
      }
    }
    List<DataQuery> queries = Shapes.queries(in, "Metrics");
    if (queries.stream().filter(DataQuery::returnData).count() != 1) {
      throw Errors.invalid("Exactly one element of the metrics list should return data.");
    }
    try {
      new DataQueries(queries);
    } catch (QueryException e) {
      throw Errors.invalid(e);
    }
    return queries;
  }

  private static AlarmConfiguration.Rule rule(Input in) throws ServiceError {
    String operator = in.requiredText("ComparisonOperator", Shapes.NAME_CHARACTERS);
    Optional<Comparison> comparison = Comparison.named(operator);
    if (comparison.isEmpty()) {
      throw in.invalid(
          "ComparisonOperator", "is not known here: there are no anomaly detection bands.");
    }
    Optional<String> treatment = in.text("TreatMissingData");
    Optional<MissingData> missingData = MissingData.named(treatment.orElse("missing"));
    if (missingData.isEmpty()) {
      throw in.invalid("TreatMissingData", "must be breaching, notBreaching, ignore or missing.");
    }
    int periods = in.requiredWhole("EvaluationPeriods", 1, MOST_PERIODS);
    Optional<Integer> datapoints = in.whole("DatapointsToAlarm", 1, periods);
    return new AlarmConfiguration.Rule(
        comparison.get(),
        in.requiredNumber("Threshold"),
        periods,
        datapoints.orElse(periods),
        datapoints.isPresent(),
        missingData.get(),
        treatment.isPresent());
  }

  private static Optional<String> lowSampleCount(Input in) throws ServiceError {
    Optional<String> treatment = in.text("EvaluateLowSampleCountPercentile");
    if (treatment.isPresent() && !treatment.get().matches("evaluate|ignore")) {
      throw in.invalid("EvaluateLowSampleCountPercentile", "must be evaluate or ignore.");
    }
    return treatment;
  }

  private static void checkPeriods(AlarmConfiguration configuration) throws ServiceError {
    for (DataQuery query : configuration.queries()) {
      if (query.source() instanceof Source.OfMetric of && of.periodSeconds() < 10) {
        throw Errors.invalid("The value of Period must be 10, 20, 30 or a multiple of 60.");
      }
    }
  }

  private static void checkSpan(AlarmConfiguration configuration) throws ServiceError {
    int period = configuration.periodSeconds();
    long span = (long) period * configuration.rule().evaluationPeriods();
    if (span > WEEK_SECONDS || (period < HOUR_SECONDS && span > DAY_SECONDS)) {
      throw Errors.invalid(
          "Metrics cannot be checked across more than "
              + (period < HOUR_SECONDS ? "a day" : "a week")
              + " (EvaluationPeriods * Period must be <= "
              + (period < HOUR_SECONDS ? DAY_SECONDS : WEEK_SECONDS)
              + ").");
    }
  }
}
