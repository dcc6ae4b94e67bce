package tidefs.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tidefs.metrics.KeyValueStore;

/** A store in memory; it can stop to take changes, as if the process had died. */
public final class MemoryKeyValueStore implements KeyValueStore {
  private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
  private int changesUntilDeath = Integer.MAX_VALUE;

  /** The process dies. */
  public static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Lets the process die at the call after the next {@code calls} changes. */
  public void dieAfter(int calls) {
    changesUntilDeath = calls;
  }

  public int size() {
    return entries.size();
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    return Optional.ofNullable(entries.get(key));
  }

  @Override
  public void scan(byte[] from, byte[] to, BiConsumer<byte[], byte[]> entry) {
    List<Map.Entry<byte[], byte[]>> found =
        new ArrayList<>(entries.subMap(from, true, to, false).entrySet());
    found.forEach(each -> entry.accept(each.getKey(), each.getValue()));
  }

  @Override
  public void apply(List<Change> changes) {
    if (changesUntilDeath-- == 0) {
      throw new Death();
    }
    for (Change change : changes) {
      byte[] value = change.value();
      if (value == null) {
        entries.remove(change.key());
      } else {
        entries.put(change.key(), value);
      }
    }
  }

  @Override
  public void applyDurably(List<Change> changes) {
    apply(changes);
  }
}
