package tidefs.control;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Where resources are kept: a map of byte keys with atomic batches, read once at start. Its
 * sequence numbers grow with every batch.
 */
public interface ResourceStore {
  /** Calls {@code entry} with every key and value. */
  void load(BiConsumer<byte[], byte[]> entry);

  /**
   * Makes the changes all together; returns their sequence number at once, without waiting until
   * they are durable.
   */
  long apply(List<Change> changes);

  /** Returns once the changes of {@code sequence} and all before it are durable. */
  void awaitDurable(long sequence);

  /** One key's new value, or its removal. Owns its arrays. */
  final class Change {
    private final byte[] key;
    private final Optional<byte[]> value;

    /** A change of {@code key}; no value removes it. */
    public Change(byte[] key, Optional<byte[]> value) {
      this.key = key;
      this.value = value;
    }

    /** What is changed. */
    public byte[] key() {
      return key;
    }

    /** The value it gets, or none if it is removed. */
    public Optional<byte[]> value() {
      return value;
    }
  }
}
