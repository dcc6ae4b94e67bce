package tidefs.control.alarm;

import java.util.List;
import java.util.Locale;
import tidefs.metrics.query.DataQuery.Source.OfMetric;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is published when an alarm's state changes ("Amazon SNS notification schema"). */
final class AlarmMessage {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private AlarmMessage() {}

  static String subject(Alarm alarm, String region) {
    return alarm.state() + ": \"" + alarm.name() + "\" in " + region;
  }

  static String message(Alarm alarm, AlarmState before, AlarmPlace place) {
    AlarmConfiguration its = alarm.configuration();
    ObjectNode out = JSON.createObjectNode();
    out.put("AlarmName", its.name());
    if (its.description().isEmpty()) {
      out.putNull("AlarmDescription");
    } else {
      out.put("AlarmDescription", its.description());
    }
    out.put("AWSAccountId", place.accountId());
    out.put("AlarmConfigurationUpdatedTimestamp", Reasons.WIRE_TIME.format(alarm.configuredAt()));
    out.put("NewStateValue", alarm.state().name());
    out.put("NewStateReason", alarm.stateReason());
    out.put("StateChangeTime", Reasons.WIRE_TIME.format(alarm.stateTransitionedAt()));
    out.put("Region", place.regionName());
    out.put("AlarmArn", place.arn(its.name()));
    out.put("OldStateValue", before.name());
    strings(out, "OKActions", its.actions().ok());
    strings(out, "AlarmActions", its.actions().alarm());
    strings(out, "InsufficientDataActions", its.actions().insufficientData());
    ObjectNode trigger = out.putObject("Trigger");
    its.metric().ifPresent(of -> metric(trigger, of));
    AlarmConfiguration.Rule rule = its.rule();
    trigger.put("Period", its.periodSeconds());
    trigger.put("EvaluationPeriods", rule.evaluationPeriods());
    if (rule.saysDatapoints()) {
      trigger.put("DatapointsToAlarm", rule.datapointsToAlarm());
    }
    trigger.put("ComparisonOperator", rule.comparison().wireName());
    trigger.put("Threshold", rule.threshold());
    trigger.put("TreatMissingData", rule.missingData().wireName());
    trigger.put(
        "EvaluateLowSampleCountPercentile", its.evaluateLowSampleCountPercentile().orElse(""));
    return out.toString();
  }

  private static void metric(ObjectNode trigger, OfMetric of) {
    trigger.put("MetricName", of.metric().name());
    trigger.put("Namespace", of.metric().namespace());
    String statistic = of.statistic().name();
    trigger.put("StatisticType", statistic.startsWith("p") ? "ExtendedStatistic" : "Statistic");
    trigger.put(
        "Statistic",
        statistic.equals("SampleCount") ? "SAMPLE_COUNT" : statistic.toUpperCase(Locale.ROOT));
    if (of.unit().isEmpty()) {
      trigger.putNull("Unit");
    } else {
      trigger.put("Unit", of.unit());
    }
    ArrayNode dimensions = trigger.putArray("Dimensions");
    of.metric()
        .dimensions()
        .forEach(
            each -> dimensions.addObject().put("value", each.value()).put("name", each.name()));
  }

  private static void strings(ObjectNode out, String name, List<String> values) {
    ArrayNode array = out.putArray(name);
    values.forEach(array::add);
  }
}
