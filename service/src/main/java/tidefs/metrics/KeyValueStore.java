package tidefs.metrics;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where metrics, alarms and topics are kept: an ordered map of byte keys. For concurrent use. */
public interface KeyValueStore {
  /** The value of {@code key}. */
  Optional<byte[]> get(byte[] key);

  /** Calls {@code entry} with what lies in {@code from <= key < to}, in the order of keys. */
  void scan(byte[] from, byte[] to, BiConsumer<byte[], byte[]> entry);

  /** Makes the changes, all or none; they are durable soon after. */
  void apply(List<Change> changes);

  /** Makes the changes, all or none; they are durable when this returns. */
  void applyDurably(List<Change> changes);

  /** One key's new value, or its removal if there is none. Owns its arrays. */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Change(byte[] key, byte @Nullable [] value) {}
}
