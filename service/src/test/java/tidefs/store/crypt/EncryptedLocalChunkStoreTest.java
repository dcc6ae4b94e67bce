package tidefs.store.crypt;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import tidefs.store.ChunkStore;
import tidefs.store.ChunkStoreContract;
import tidefs.store.local.ChunkResources;
import tidefs.store.local.LocalChunkStore;
import tidefs.testkit.PowerCutIo;

/** Over a disk that often has nothing in memory, so that calls overlap. */
final class EncryptedLocalChunkStoreTest extends ChunkStoreContract {
  private static final Path ROOT = Path.of("/disk");

  private final ChunkResources resources = new ChunkResources(64L << 20);
  private final PowerCutIo io = new PowerCutIo(1, ROOT);

  @Override
  protected ChunkStore open() {
    LocalChunkStore local = LocalChunkStore.open(io, ROOT.resolve("chunks"), resources);
    return new EncryptedChunkStore(local, DataKey.of(new byte[DataKey.BYTES]));
  }

  @AfterEach
  void closeResources() {
    resources.close();
  }

  @Override
  protected int listed(int length) {
    return (length + BlockCipher.BLOCK_BYTES - 1)
        / BlockCipher.BLOCK_BYTES
        * BlockCipher.BLOCK_BYTES;
  }
}
