package tidefs.store.memory;

import tidefs.store.ChunkStore;
import tidefs.store.ChunkStoreContract;

final class MemoryChunkStoreTest extends ChunkStoreContract {
  private final MemoryChunkStore medium = new MemoryChunkStore();

  @Override
  protected ChunkStore open() {
    return medium;
  }
}
