package tidefs.control.alarm;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import tidefs.metrics.KeyValueStore;
import tidefs.metrics.KeyValueStore.Change;

/** What happened to alarms in the last weeks, oldest first; also to those that are deleted. */
public final class AlarmHistory {
  private static final byte KIND = 'h';

  private final NavigableMap<Long, HistoryItem> items = new TreeMap<>();

  /** The history in {@code store}, where keys that begin with h are its own. */
  AlarmHistory(KeyValueStore store) {
    store.scan(
        new byte[] {KIND},
        new byte[] {KIND + 1},
        (key, value) ->
            items.put(ByteBuffer.wrap(key).getLong(1), AlarmCodec.decodeHistory(value)));
  }

  /** The change that notes an item, which is visible at once. */
  synchronized List<Change> add(HistoryItem item) {
    long number = items.isEmpty() ? 1 : items.lastKey() + 1;
    items.put(number, item);
    List<Change> changes = new ArrayList<>();
    changes.add(new Change(key(number), AlarmCodec.encode(item)));
    Instant oldest = item.time().minus(Duration.ofDays(AlarmLimits.HISTORY_DAYS));
    while (items.size() > AlarmLimits.HISTORY_ITEMS
        || items.firstEntry().getValue().time().isBefore(oldest)) {
      changes.add(new Change(key(items.pollFirstEntry().getKey()), null));
    }
    return changes;
  }

  /** The items by their numbers, which grow with time. */
  public synchronized NavigableMap<Long, HistoryItem> items() {
    return new TreeMap<>((Map<Long, HistoryItem>) items);
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(9).put(KIND).putLong(number).array();
  }
}
