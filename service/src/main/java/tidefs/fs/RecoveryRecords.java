package tidefs.fs;

import java.util.function.BiConsumer;

/**
 * Small records that a protocol keeps with a file system, so that after a restart it knows which
 * clients may reclaim their state (RFC 8881 section 8.4.2.1). Keys and values are the protocol's
 * own; at most 1,024 bytes each.
 */
public interface RecoveryRecords {
  /** Sets a record; the answer of {@code operation} depends on it. */
  void put(Operation operation, byte[] key, byte[] value);

  /** Removes a record, if it is there; the answer of {@code operation} depends on it. */
  void remove(Operation operation, byte[] key);

  /** Calls {@code each} with every record, key first. */
  void forEach(BiConsumer<byte[], byte[]> each);
}
