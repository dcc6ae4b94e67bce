package tidefs.store.crypt;

import tidefs.store.ChunkStore;
import tidefs.store.ChunkStoreContract;
import tidefs.store.memory.MemoryChunkStore;

final class EncryptedMemoryChunkStoreTest extends ChunkStoreContract {
  private final MemoryChunkStore medium = new MemoryChunkStore();

  @Override
  protected ChunkStore open() {
    return new EncryptedChunkStore(medium, DataKey.of(new byte[DataKey.BYTES]));
  }

  @Override
  protected int listed(int length) {
    return (length + BlockCipher.BLOCK_BYTES - 1)
        / BlockCipher.BLOCK_BYTES
        * BlockCipher.BLOCK_BYTES;
  }
}
