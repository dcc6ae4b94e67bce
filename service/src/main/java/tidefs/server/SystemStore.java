package tidefs.server;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import tidefs.base.Blocking;
import tidefs.control.ResourceStore;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;

/** The resources of the API, kept in a metadata store of their own. */
final class SystemStore implements ResourceStore {
  private static final byte[] FIRST = {1};
  private static final byte[] LAST = new byte[tidefs.store.Limits.KEY_BYTES];

  static {
    Arrays.fill(LAST, (byte) 0xff);
  }

  private final MetadataStore store;

  SystemStore(MetadataStore store) {
    this.store = store;
  }

  @Override
  public void load(BiConsumer<byte[], byte[]> entry) {
    try (Entries entries = store.scan(FIRST, LAST, Blocking.ALLOWED)) {
      while (entries.next()) {
        entry.accept(entries.key(), entries.value());
      }
    }
  }

  @Override
  public long apply(List<Change> changes) {
    Batch batch = new Batch();
    for (Change change : changes) {
      change
          .value()
          .ifPresentOrElse(
              value -> batch.put(change.key(), value), () -> batch.delete(change.key()));
    }
    return store.apply(batch, Blocking.ALLOWED);
  }

  @Override
  public void awaitDurable(long sequence) {
    store.awaitDurable(sequence);
  }
}
