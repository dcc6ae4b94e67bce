package tidefs.api.cloudwatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import tidefs.api.ServiceError;
import tidefs.api.wire.Datum;
import tidefs.api.wire.Datum.Structure;
import tidefs.api.wire.Input;
import tidefs.api.wire.Operation;
import tidefs.control.alarm.Alarms;
import tidefs.control.alarm.HistoryItem;

/** DescribeAlarmHistory. */
record DescribeAlarmHistory(Alarms alarms) implements Operation {
  private static final int PAGE = 100;

  @Override
  public Structure perform(Input in) throws ServiceError {
    String name = in.text("AlarmName", Shapes.NAME_CHARACTERS).orElse("");
    String type = in.text("HistoryItemType").orElse("");
    Instant from = in.time("StartDate").orElse(Instant.EPOCH);
    Instant to = in.time("EndDate").orElse(Instant.MAX);
    boolean ascending = in.text("ScanBy").orElse("").equals("TimestampAscending");
    int limit = in.whole("MaxRecords", 1, PAGE).orElse(PAGE);
    NavigableMap<Long, HistoryItem> items = alarms.history().items();
    if (ascending) {
      items = items.tailMap(Pages.position(in, Long.MIN_VALUE), false);
    } else {
      items = items.headMap(Pages.position(in, Long.MAX_VALUE), false).descendingMap();
    }
    List<Datum> page = new ArrayList<>();
    String token = "";
    long previous = 0;
    for (Map.Entry<Long, HistoryItem> entry : items.entrySet()) {
      HistoryItem item = entry.getValue();
      boolean wanted =
          (name.isEmpty() || name.equals(item.alarmName()))
              && (type.isEmpty() || type.equals(item.type().wireName()))
              && !item.time().isBefore(from)
              && !item.time().isAfter(to);
      if (!wanted) {
        continue;
      }
      if (page.size() == limit) {
        token = Pages.token(Long.toString(previous));
        break;
      }
      previous = entry.getKey();
      page.add(of(item));
    }
    return Structure.with().put("AlarmHistoryItems", page).putUnlessEmpty("NextToken", token).end();
  }

  private static Structure of(HistoryItem item) {
    return Structure.with()
        .put("AlarmName", item.alarmName())
        .put("AlarmType", "MetricAlarm")
        .put("Timestamp", item.time())
        .put("HistoryItemType", item.type().wireName())
        .put("HistorySummary", item.summary())
        .put("HistoryData", item.data())
        .end();
  }
}
