package tidefs.control.alarm;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.metrics.Metric;
import tidefs.metrics.query.DataQuery;
import tidefs.metrics.query.DataQuery.Source;
import tidefs.metrics.query.Statistic;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Alarms and history as they are stored: JSON, with a number for the format. */
final class AlarmCodec {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int FORMAT = 1;

  private AlarmCodec() {}

  static byte[] encode(Alarm alarm) {
    ObjectNode out = JSON.createObjectNode();
    out.put("format", FORMAT);
    out.put("configuredAt", alarm.configuredAt().toString());
    out.put("state", alarm.state().name());
    out.put("stateReason", alarm.stateReason());
    out.put("stateReasonData", alarm.stateReasonData());
    out.put("stateUpdatedAt", alarm.stateUpdatedAt().toString());
    out.put("stateTransitionedAt", alarm.stateTransitionedAt().toString());
    ObjectNode tags = out.putObject("tags");
    alarm.tags().forEach(tags::put);
    AlarmConfiguration its = alarm.configuration();
    out.put("name", its.name());
    out.put("description", its.description());
    out.put("actionsEnabled", its.actions().enabled());
    strings(out, "okActions", its.actions().ok());
    strings(out, "alarmActions", its.actions().alarm());
    strings(out, "insufficientDataActions", its.actions().insufficientData());
    out.put("isMath", its.isMath());
    ArrayNode queries = out.putArray("queries");
    its.queries().forEach(query -> encode(query, queries.addObject()));
    AlarmConfiguration.Rule rule = its.rule();
    out.put("comparison", rule.comparison().name());
    out.put("threshold", rule.threshold());
    out.put("evaluationPeriods", rule.evaluationPeriods());
    out.put("datapointsToAlarm", rule.datapointsToAlarm());
    out.put("saysDatapoints", rule.saysDatapoints());
    out.put("missingData", rule.missingData().name());
    out.put("saysMissingData", rule.saysMissingData());
    its.evaluateLowSampleCountPercentile().ifPresent(text -> out.put("lowSampleCount", text));
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void strings(ObjectNode out, String name, List<String> values) {
    ArrayNode array = out.putArray(name);
    values.forEach(array::add);
  }

  private static void encode(DataQuery query, ObjectNode out) {
    out.put("id", query.id());
    out.put("label", query.label());
    out.put("returnData", query.returnData());
    switch (query.source()) {
      case Source.OfMetric of -> {
        out.put("namespace", of.metric().namespace());
        out.put("metric", of.metric().name());
        ObjectNode dimensions = out.putObject("dimensions");
        of.metric().dimensions().forEach(each -> dimensions.put(each.name(), each.value()));
        out.put("period", of.periodSeconds());
        out.put("statistic", of.statistic().name());
        out.put("unit", of.unit());
      }
      case Source.OfExpression of -> {
        out.put("expression", of.text());
        of.periodSeconds().ifPresent(period -> out.put("period", period));
      }
    }
  }

  static Alarm decode(byte[] bytes) {
    JsonNode in = JSON.readTree(bytes);
    List<DataQuery> queries = new ArrayList<>();
    in.path("queries").forEach(each -> queries.add(query(each)));
    AlarmConfiguration configuration =
        new AlarmConfiguration(
            text(in, "name"),
            text(in, "description"),
            new AlarmConfiguration.Actions(
                in.path("actionsEnabled").asBoolean(),
                strings(in.path("okActions")),
                strings(in.path("alarmActions")),
                strings(in.path("insufficientDataActions"))),
            queries,
            in.path("isMath").asBoolean(),
            new AlarmConfiguration.Rule(
                Comparison.valueOf(text(in, "comparison")),
                in.path("threshold").asDouble(),
                in.path("evaluationPeriods").asInt(),
                in.path("datapointsToAlarm").asInt(),
                in.path("saysDatapoints").asBoolean(),
                MissingData.valueOf(text(in, "missingData")),
                in.path("saysMissingData").asBoolean()),
            Optional.of(text(in, "lowSampleCount")).filter(value -> !value.isEmpty()));
    Map<String, String> tags = new LinkedHashMap<>();
    in.path("tags")
        .properties()
        .forEach(each -> tags.put(each.getKey(), each.getValue().asString()));
    return new Alarm(
        configuration,
        Instant.parse(text(in, "configuredAt")),
        AlarmState.valueOf(text(in, "state")),
        text(in, "stateReason"),
        text(in, "stateReasonData"),
        Instant.parse(text(in, "stateUpdatedAt")),
        Instant.parse(text(in, "stateTransitionedAt")),
        tags);
  }

  private static DataQuery query(JsonNode in) {
    Source source;
    if (in.has("expression")) {
      Optional<Integer> period =
          in.has("period") ? Optional.of(in.path("period").asInt()) : Optional.empty();
      source = new Source.OfExpression(text(in, "expression"), period);
    } else {
      List<Metric.Dimension> dimensions = new ArrayList<>();
      in.path("dimensions")
          .properties()
          .forEach(each ->
              dimensions.add(new Metric.Dimension(each.getKey(), each.getValue().asString())));
      source =
          new Source.OfMetric(
              new Metric(text(in, "namespace"), text(in, "metric"), dimensions),
              in.path("period").asInt(),
              new Statistic(text(in, "statistic")),
              text(in, "unit"));
    }
    return new DataQuery(
        text(in, "id"), source, text(in, "label"), in.path("returnData").asBoolean());
  }

  private static String text(JsonNode in, String name) {
    return in.path(name).asString("");
  }

  private static List<String> strings(JsonNode in) {
    List<String> values = new ArrayList<>();
    in.forEach(each -> values.add(each.asString()));
    return values;
  }

  static byte[] encode(HistoryItem item) {
    return JSON.createObjectNode()
        .put("format", FORMAT)
        .put("alarm", item.alarmName())
        .put("time", item.time().toString())
        .put("type", item.type().name())
        .put("summary", item.summary())
        .put("data", item.data())
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  static HistoryItem decodeHistory(byte[] bytes) {
    JsonNode in = JSON.readTree(bytes);
    return new HistoryItem(
        text(in, "alarm"),
        Instant.parse(text(in, "time")),
        HistoryItem.Type.valueOf(text(in, "type")),
        text(in, "summary"),
        text(in, "data"));
  }
}
