package tidefs.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tidefs.control.MeteredSize;
import tidefs.metrics.KeyValueStore;
import tidefs.metrics.KeyValueStore.Change;

/**
 * What file systems were last metered at, so that nobody must open one to learn its size. After a
 * crash a size may be as old as the last {@link #keep}; that of a file system which is open is
 * known better.
 */
final class MeteredSizes {
  private static final byte SIZES = 'z';
  private static final int VALUE_BYTES = 4 * Long.BYTES;

  private final KeyValueStore store;
  private final ConcurrentMap<String, MeteredSize> sizes = new ConcurrentHashMap<>();

  /** The sizes in {@code store}, where keys that begin with z are ours. */
  MeteredSizes(KeyValueStore store) {
    this.store = store;
    store.scan(
        new byte[] {SIZES},
        new byte[] {SIZES + 1},
        (key, value) -> {
          if (value.length == VALUE_BYTES) {
            sizes.put(new String(key, 1, key.length - 1, StandardCharsets.UTF_8), decode(value));
          }
        });
  }

  /** What a file system was last metered at, if it ever was. */
  Optional<MeteredSize> of(String fileSystemId) {
    return Optional.ofNullable(sizes.get(fileSystemId));
  }

  /** Keeps sizes that have changed. */
  void keep(Map<String, MeteredSize> now) {
    List<Change> changes = new ArrayList<>();
    now.forEach((id, size) -> {
      MeteredSize before = sizes.put(id, size);
      if (before == null || !sameBytes(before, size)) {
        changes.add(new Change(key(id), encode(size)));
      }
    });
    if (!changes.isEmpty()) {
      store.apply(changes);
    }
  }

  /** Forgets a file system that is gone. */
  void forget(String fileSystemId) {
    if (sizes.remove(fileSystemId) != null) {
      store.apply(List.of(new Change(key(fileSystemId), null)));
    }
  }

  private static boolean sameBytes(MeteredSize a, MeteredSize b) {
    return a.standardBytes() == b.standardBytes()
        && a.infrequentAccessBytes() == b.infrequentAccessBytes()
        && a.archiveBytes() == b.archiveBytes();
  }

  private static byte[] encode(MeteredSize size) {
    return ByteBuffer.allocate(VALUE_BYTES)
        .putLong(size.standardBytes())
        .putLong(size.infrequentAccessBytes())
        .putLong(size.archiveBytes())
        .putLong(size.takenAt().toEpochMilli())
        .array();
  }

  private static MeteredSize decode(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value);
    return new MeteredSize(
        in.getLong(), in.getLong(), in.getLong(), Instant.ofEpochMilli(in.getLong()));
  }

  private static byte[] key(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + bytes.length).put(SIZES).put(bytes).array();
  }
}
