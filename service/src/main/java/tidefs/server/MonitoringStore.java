package tidefs.server;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import tidefs.base.Blocking;
import tidefs.metrics.KeyValueStore;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;

/** Metrics, alarms and topics, kept in a metadata store of their own. */
final class MonitoringStore implements KeyValueStore {
  private final MetadataStore store;

  MonitoringStore(MetadataStore store) {
    this.store = store;
  }

  @Override
  public Optional<byte[]> get(byte[] key) {
    return store.get(key, Blocking.ALLOWED);
  }

  @Override
  public void scan(byte[] from, byte[] to, BiConsumer<byte[], byte[]> entry) {
    try (Entries entries = store.scan(from, to, Blocking.ALLOWED)) {
      while (entries.next()) {
        entry.accept(entries.key(), entries.value());
      }
    }
  }

  @Override
  public void apply(List<Change> changes) {
    applied(changes);
  }

  @Override
  public void applyDurably(List<Change> changes) {
    store.awaitDurable(applied(changes));
  }

  private long applied(List<Change> changes) {
    Batch batch = new Batch();
    for (Change change : changes) {
      byte[] value = change.value();
      if (value == null) {
        batch.delete(change.key());
      } else {
        batch.put(change.key(), value);
      }
    }
    return changes.isEmpty() ? store.appliedSequence() : store.apply(batch, Blocking.ALLOWED);
  }
}
