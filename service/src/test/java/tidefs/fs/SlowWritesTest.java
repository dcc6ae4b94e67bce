package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;
import tidefs.store.memory.MemoryChunkStore;
import tidefs.store.memory.MemoryJournal;
import tidefs.testkit.DelayedChunkStore;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.ManualClock;

/**
 * Writes on a disk that is behind: what an operation began that had to be repeated may not come
 * over what was written later.
 */
final class SlowWritesTest {
  private static final int INLINE_BYTES = 1_000;
  private static final int LARGE_BYTES = 100_000;
  private static final int ATTEMPTS = 5;

  @TempDir private static Path directory;
  private final StoreResources resources = new StoreResources(16 << 20);
  private final DelayedChunkStore chunks = new DelayedChunkStore(new MemoryChunkStore());
  private final Queue<Runnable> background = new ConcurrentLinkedQueue<>();
  private final Random random = new Random(1);
  private final MetadataStore store =
      MetadataStore.open(
          directory, new MemoryJournal(new MemoryJournal.Log()), resources, new ManualClock());

  @AfterEach
  void close() {
    store.close();
    resources.close();
  }

  private FileSystem open() {
    FileSystemConfig config =
        FileSystemConfig.of(store, chunks, new ManualClock(), random::nextBytes, background::add);
    FileSystem.format(config);
    return FileSystem.open(config);
  }

  @Test
  void contentsThatLeaveTheirInodeDoNotComeOverNewerOnes() throws FsException {
    FileSystem fileSystem = open();
    Operation root = FileSystemRig.root();
    Inode file =
        fileSystem
            .create(
                root,
                fileSystem.root(),
                FileSystemRig.name("a"),
                FileSystemRig.what(FileType.REGULAR, 0644))
            .inode();
    fileSystem.write(root, file, 0, bytes(INLINE_BYTES, 1), Stability.UNSTABLE).join();

    chunks.delay(true);
    assertThat(attempts(fileSystem, file)).as("attempts that had to wait").isEqualTo(ATTEMPTS);
    chunks.delay(false);
    fileSystem.write(root, file, 0, bytes(LARGE_BYTES, 2), Stability.UNSTABLE).join();
    chunks.release();

    ByteBuffer read = ByteBuffer.allocateDirect(LARGE_BYTES);
    fileSystem.read(root, file, 0, read).join();
    assertThat(read).isEqualTo(bytes(LARGE_BYTES, 2));
  }

  /** Writes as an event loop does, which may not wait; returns how often it would have had to. */
  private int attempts(FileSystem fileSystem, Inode file) throws FsException {
    int refused = 0;
    for (int i = 0; i < ATTEMPTS; i++) {
      Operation hurried = new Operation(Credentials.ROOT, Blocking.FORBIDDEN);
      try {
        var _ = fileSystem.write(hurried, file, 0, bytes(LARGE_BYTES, 2), Stability.UNSTABLE);
      } catch (WouldBlock e) {
        refused++;
        store.awaitDurable(store.appliedSequence());
      }
    }
    return refused;
  }

  private static ByteBuffer bytes(int count, int value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.allocateDirect(count).put(bytes).flip();
  }
}
