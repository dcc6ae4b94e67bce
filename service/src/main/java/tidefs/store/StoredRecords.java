package tidefs.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;
import tidefs.base.Blocking;

/** The records of a state as their writers gave them: what the cipher did is undone. */
record StoredRecords(State state, RecordCipher cipher) {
  Optional<byte[]> get(byte[] key, Blocking blocking) {
    byte[] stored = cipher.sealKey(key);
    return opened(stored, state.get(stored, blocking));
  }

  Optional<byte[]> get(byte[] key, Snapshot snapshot, Blocking blocking) {
    byte[] stored = cipher.sealKey(key);
    try (ReadOptions read = State.readOptions(snapshot, blocking)) {
      return opened(stored, state.read(read, stored, blocking));
    }
  }

  Entries scan(byte[] from, byte[] to, @Nullable Snapshot snapshot, Blocking blocking) {
    Entries stored = state.scan(cipher.bound(from), cipher.bound(to), snapshot, blocking);
    return cipher.isPlain() ? stored : new OpenedEntries(stored, cipher);
  }

  private Optional<byte[]> opened(byte[] storedKey, byte @Nullable [] stored) {
    return stored == null ? Optional.empty() : Optional.of(cipher.openValue(storedKey, stored));
  }
}
