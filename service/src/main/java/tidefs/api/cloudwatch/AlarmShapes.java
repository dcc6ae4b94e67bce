package tidefs.api.cloudwatch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.control.alarm.Alarm;
import tidefs.control.alarm.AlarmConfiguration;
import tidefs.control.alarm.AlarmLimits;
import tidefs.control.alarm.AlarmPlace;
import tidefs.control.alarm.AlarmState;

/** Alarms as the API shows them, and what several operations on alarms share. */
final class AlarmShapes {
  static final int NAMES = 100;
  private static final int KEY_CHARACTERS = 128;
  private static final int VALUE_CHARACTERS = 256;

  private AlarmShapes() {}

  static Structure of(Alarm alarm, AlarmPlace place) {
    AlarmConfiguration its = alarm.configuration();
    Datum.Builder out =
        Structure.with()
            .put("AlarmName", its.name())
            .put("AlarmArn", place.arn(its.name()))
            .putUnlessEmpty("AlarmDescription", its.description())
            .put("AlarmConfigurationUpdatedTimestamp", alarm.configuredAt())
            .put("ActionsEnabled", its.actions().enabled())
            .putTexts("OKActions", its.actions().ok())
            .putTexts("AlarmActions", its.actions().alarm())
            .putTexts("InsufficientDataActions", its.actions().insufficientData())
            .put("StateValue", alarm.state().name())
            .put("StateReason", alarm.stateReason())
            .putUnlessEmpty("StateReasonData", alarm.stateReasonData())
            .put("StateUpdatedTimestamp", alarm.stateUpdatedAt());
    its.metric()
        .ifPresent(of -> {
          boolean extended = of.statistic().name().matches("[pitwPITW].*\\d.*|IQM");
          out.put("MetricName", of.metric().name())
              .put("Namespace", of.metric().namespace())
              .put(extended ? "ExtendedStatistic" : "Statistic", of.statistic().name())
              .put("Dimensions", Shapes.of(of.metric().dimensions()))
              .put("Period", of.periodSeconds())
              .putUnlessEmpty("Unit", of.unit());
        });
    AlarmConfiguration.Rule rule = its.rule();
    out.put("EvaluationPeriods", rule.evaluationPeriods());
    if (rule.saysDatapoints()) {
      out.put("DatapointsToAlarm", rule.datapointsToAlarm());
    }
    out.put("Threshold", rule.threshold());
    out.put("ComparisonOperator", rule.comparison().wireName());
    if (rule.saysMissingData()) {
      out.put("TreatMissingData", rule.missingData().wireName());
    }
    its.evaluateLowSampleCountPercentile()
        .ifPresent(text -> out.put("EvaluateLowSampleCountPercentile", text));
    if (its.isMath()) {
      out.put("Metrics", its.queries().stream().map(Shapes::of).toList());
    }
    return out.put("StateTransitionedTimestamp", alarm.stateTransitionedAt()).end();
  }

  static AlarmState state(Input in) throws ServiceError {
    String name = in.requiredText("StateValue", Shapes.NAME_CHARACTERS);
    for (AlarmState state : AlarmState.values()) {
      if (state.name().equals(name)) {
        return state;
      }
    }
    throw in.invalid("StateValue", "must be OK, ALARM or INSUFFICIENT_DATA.");
  }

  static Map<String, String> tags(Input in) throws ServiceError {
    Map<String, String> tags = new TreeMap<>();
    for (Input each : in.structures("Tags", AlarmLimits.TAGS)) {
      tags.put(
          each.requiredText("Key", KEY_CHARACTERS),
          each.text("Value", VALUE_CHARACTERS).orElse(""));
    }
    return tags;
  }

  static List<Datum> of(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream()
            .<Datum>map(each ->
                Structure.with().put("Key", each.getKey()).put("Value", each.getValue()).end())
            .toList();
  }

  /** The name of the alarm whose ARN is in the request. */
  static String tagged(Input in, AlarmPlace place) throws ServiceError {
    String arn = in.requiredText("ResourceARN", VALUE_CHARACTERS + 1_024);
    String prefix = place.arn("");
    if (!arn.startsWith(prefix)) {
      throw notFound(arn);
    }
    return arn.substring(prefix.length());
  }

  static ServiceError notFound(String arn) {
    return new ServiceError(
        404, "ResourceNotFoundException", "The resource '" + arn + "' does not exist.");
  }
}
