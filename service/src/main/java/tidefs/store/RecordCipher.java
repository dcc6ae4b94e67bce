package tidefs.store;

/**
 * Encrypts the records of a metadata store before its journal and its state see them. Any thread
 * may call.
 */
public interface RecordCipher {
  /** Leaves records as they are. */
  RecordCipher NONE =
      new RecordCipher() {
        @Override
        public boolean isPlain() {
          return true;
        }

        @Override
        public byte[] sealKey(byte[] key) {
          return key;
        }

        @Override
        public byte[] openKey(byte[] stored) {
          return stored;
        }

        @Override
        public byte[] bound(byte[] key) {
          return key;
        }

        @Override
        public byte[] sealValue(byte[] storedKey, byte[] value) {
          return value;
        }

        @Override
        public byte[] openValue(byte[] storedKey, byte[] stored) {
          return stored;
        }
      };

  /** Whether it leaves records as they are. */
  default boolean isPlain() {
    return false;
  }

  /** The key to store for {@code key}: always the same one. */
  byte[] sealKey(byte[] key);

  /**
   * The key that is stored as {@code stored}.
   *
   * @throws StoreFault if it was not sealed with this cipher, or changed
   */
  byte[] openKey(byte[] stored);

  /** The bound of a scan over stored keys: it may not lie among keys whose order is lost. */
  byte[] bound(byte[] key);

  /** The value to store under a stored key: another one each time. */
  byte[] sealValue(byte[] storedKey, byte[] value);

  /**
   * The value that is stored as {@code stored}.
   *
   * @throws StoreFault if it was not sealed with this cipher and for this key, or changed
   */
  byte[] openValue(byte[] storedKey, byte[] stored);
}
