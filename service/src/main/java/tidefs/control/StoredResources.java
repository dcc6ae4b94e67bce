package tidefs.control;

import java.util.List;
import java.util.function.BiConsumer;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;

/** Resources in a {@link MetadataStore} of their own, which stays its opener's to close. */
public final class StoredResources implements ResourceStore {
  private static final byte[] BEFORE_ALL = {1};

  /** Keys from this byte on are not resources: others may share the store. */
  static final int FIRST_OTHER = 0xf0;

  private static final byte[] AFTER_ALL = {(byte) FIRST_OTHER};

  private final MetadataStore store;

  /** The resources in {@code store}, whose keys below 0xf0 are all theirs. */
  public StoredResources(MetadataStore store) {
    this.store = store;
  }

  @Override
  public void load(BiConsumer<byte[], byte[]> entry) {
    try (Entries all = store.scan(BEFORE_ALL, AFTER_ALL, Blocking.ALLOWED)) {
      while (all.next()) {
        entry.accept(all.key(), all.value());
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
