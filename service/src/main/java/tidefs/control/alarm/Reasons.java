package tidefs.control.alarm;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tidefs.control.alarm.Evaluation.Point;
import tidefs.control.alarm.Evaluation.Verdict;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells why an alarm has its state, in CloudWatch's words, and as JSON. */
final class Reasons {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final DateTimeFormatter POINT_TIME =
      DateTimeFormatter.ofPattern("dd/MM/yy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  static final DateTimeFormatter WIRE_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Reasons() {}

  /** In words. */
  static String text(AlarmConfiguration.Rule rule, Verdict verdict, AlarmState state) {
    int needed =
        state == AlarmState.ALARM
            ? rule.datapointsToAlarm()
            : rule.evaluationPeriods() - rule.datapointsToAlarm() + 1;
    if (state == AlarmState.INSUFFICIENT_DATA) {
      return "Insufficient Data: "
          + points(rule.evaluationPeriods())
          + (rule.evaluationPeriods() == 1 ? " was unknown." : " were unknown.");
    }
    String treated = rule.missingData() == MissingData.BREACHING ? "[Breaching]" : "[NonBreaching]";
    if (verdict.decisive().isEmpty()) {
      return "Threshold Crossed: no datapoints were received for "
          + rule.evaluationPeriods()
          + (rule.evaluationPeriods() == 1 ? " period" : " periods")
          + " and "
          + missing(verdict.filled())
          + " treated as "
          + treated
          + ".";
    }
    List<Point> chosen = new ArrayList<>();
    for (Point point : verdict.decisive()) {
      boolean breaches = rule.comparison().breaches(point.value(), rule.threshold());
      if (breaches == (state == AlarmState.ALARM)) {
        chosen.add(point);
      }
    }
    StringBuilder out = new StringBuilder("Threshold Crossed: ");
    out.append(chosen.size()).append(" out of the last ").append(verdict.decisive().size());
    out.append(verdict.decisive().size() == 1 ? " datapoint [" : " datapoints [");
    String between = "";
    for (Point point : chosen) {
      out.append(between).append(point.value()).append(" (");
      out.append(POINT_TIME.format(Instant.ofEpochSecond(point.epochSecond()))).append(')');
      between = ", ";
    }
    out.append(chosen.size() == 1 ? "] was " : "] were ");
    out.append(state == AlarmState.ALARM ? "" : "not ").append(rule.comparison().words());
    out.append(" the threshold (").append(rule.threshold()).append(')');
    if (verdict.filled() > 0) {
      out.append(" and ").append(missing(verdict.filled())).append(" treated as ").append(treated);
    }
    return out.append(" (minimum ")
        .append(points(needed))
        .append(" for ")
        .append(state == AlarmState.ALARM ? "OK -> ALARM" : "ALARM -> OK")
        .append(" transition).")
        .toString();
  }

  private static String points(int count) {
    return count == 1 ? "1 datapoint" : count + " datapoints";
  }

  private static String missing(int count) {
    return count == 1 ? "1 missing datapoint was" : count + " missing datapoints were";
  }

  /** As JSON. */
  static String data(AlarmConfiguration configuration, Verdict verdict, Instant now) {
    ObjectNode out = JSON.createObjectNode();
    out.put("version", "1.0");
    out.put("queryDate", WIRE_TIME.format(now));
    if (!verdict.decisive().isEmpty()) {
      long oldest = verdict.decisive().getLast().epochSecond();
      out.put("startDate", WIRE_TIME.format(Instant.ofEpochSecond(oldest)));
    }
    configuration
        .metric()
        .ifPresent(of -> {
          out.put("statistic", of.statistic().name());
          out.put("period", of.periodSeconds());
        });
    ArrayNode recent = out.putArray("recentDatapoints");
    for (Point point : verdict.decisive().reversed()) {
      recent.add(point.value());
    }
    out.put("threshold", configuration.rule().threshold());
    ArrayNode evaluated = out.putArray("evaluatedDatapoints");
    for (Point point : verdict.decisive()) {
      evaluated
          .addObject()
          .put("timestamp", WIRE_TIME.format(Instant.ofEpochSecond(point.epochSecond())))
          .put("value", point.value());
    }
    return out.toString();
  }
}
