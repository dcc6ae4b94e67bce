package tidefs.store.local;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import tidefs.store.ChunkStore;
import tidefs.store.ChunkStoreContract;

final class LocalChunkStoreTest extends ChunkStoreContract {
  private final ChunkResources resources = new ChunkResources(64L << 20);
  @TempDir private Path directory;

  @Override
  protected ChunkStore open() {
    return LocalChunkStore.open(new NativeFileIo(), directory.resolve("chunks"), resources);
  }

  @AfterEach
  void closeResources() {
    resources.close();
  }
}
