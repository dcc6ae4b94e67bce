package tidefs.fs;

import java.util.Arrays;
import java.util.function.BiConsumer;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;

/** Recovery records in the file system's store. */
final class StoredRecoveryRecords implements RecoveryRecords {
  private final MetadataStore store;

  StoredRecoveryRecords(MetadataStore store) {
    this.store = store;
  }

  @Override
  public void put(Operation operation, byte[] key, byte[] value) {
    Invariant.check(
        key.length <= Limits.RECOVERY_RECORD_BYTES && value.length <= Limits.RECOVERY_RECORD_BYTES,
        "recovery records are small");
    Batch batch = new Batch().put(Keys.recovery(key), value).essential();
    operation.dependOn(store.apply(batch, operation.blocking()));
  }

  @Override
  public void remove(Operation operation, byte[] key) {
    Batch batch = new Batch().delete(Keys.recovery(key)).essential();
    operation.dependOn(store.apply(batch, operation.blocking()));
  }

  @Override
  public void forEach(BiConsumer<byte[], byte[]> each) {
    byte[] first = Keys.first(Keys.RECOVERY);
    try (Entries all = store.scan(first, Keys.end(Keys.RECOVERY), Blocking.ALLOWED)) {
      while (all.next()) {
        byte[] key = all.key();
        each.accept(Arrays.copyOfRange(key, 1, key.length), all.value());
      }
    }
  }
}
