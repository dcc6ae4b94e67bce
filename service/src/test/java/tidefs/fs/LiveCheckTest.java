package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.root;
import static tidefs.testkit.FileSystemRig.size;
import static tidefs.testkit.FileSystemRig.what;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;
import tidefs.store.memory.MemoryChunkStore;
import tidefs.store.memory.MemoryJournal;
import tidefs.testkit.Backlog;
import tidefs.testkit.ManualClock;
import tidefs.testkit.WatchedChunkStore;

/** Checks of a file system that changes while it is checked: damage is found, and nothing else. */
final class LiveCheckTest {
  private static final int CHUNKS = 3;
  private static final long LARGE_BYTES = (long) CHUNKS * ChunkStore.CHUNK_BYTES;
  private static final long PLENTY_BYTES = 1 << 20;

  @TempDir private Path directory;
  private final StoreResources resources = new StoreResources(16 << 20);
  private final MemoryChunkStore stored = new MemoryChunkStore();
  private final WatchedChunkStore chunks = new WatchedChunkStore(stored);
  private final Backlog background = new Backlog();
  private final Random random = new Random(1);
  private final List<String> problems = new ArrayList<>();
  private MetadataStore store;
  private FileSystem fileSystem;
  private Inode large;

  @BeforeEach
  void make() throws FsException {
    store =
        MetadataStore.open(
            directory, new MemoryJournal(new MemoryJournal.Log()), resources, new ManualClock());
    FileSystemConfig config =
        FileSystemConfig.of(store, chunks, new ManualClock(), random::nextBytes, background);
    FileSystem.format(config);
    fileSystem = FileSystem.open(config);
    large =
        fileSystem
            .create(root(), fileSystem.root(), name("large"), what(FileType.REGULAR, 0644))
            .inode();
    fill();
  }

  @AfterEach
  void close() {
    store.close();
    resources.close();
  }

  /** Writes the large file to its full size. */
  private void fill() throws FsException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(ChunkStore.CHUNK_BYTES);
    long size = fileSystem.attributes(root(), large).size();
    for (int i = (int) (size / ChunkStore.CHUNK_BYTES); i < CHUNKS; i++) {
      long offset = (long) i * ChunkStore.CHUNK_BYTES;
      fileSystem.write(root(), large, offset, bytes.clear(), Stability.UNSTABLE).join();
    }
    fileSystem.commit(root(), large).join();
  }

  private void cut(long bytes) {
    try {
      fileSystem.setAttributes(root(), large, size(bytes), true);
    } catch (FsException e) {
      throw new AssertionError(e);
    }
    background.doAll(store);
  }

  private void remove() {
    try {
      var _ = fileSystem.remove(root(), fileSystem.root(), name("large"));
    } catch (FsException e) {
      throw new AssertionError(e);
    }
    background.doAll(store);
  }

  private LiveCheck.Report check() {
    return fileSystem.check(PLENTY_BYTES).run(problems::add);
  }

  @Test
  void whatIsWholeIsClean() {
    LiveCheck.Report report = check();

    assertThat(problems).isEmpty();
    assertThat(report.usage()).isEqualTo(fileSystem.usage());
    assertThat(report.unjudged()).isZero();
  }

  @Test
  void writesThatAreNotStableYetAreNoDamage() throws FsException {
    Inode other =
        fileSystem
            .create(root(), fileSystem.root(), name("other"), what(FileType.REGULAR, 0644))
            .inode();
    ByteBuffer bytes = ByteBuffer.allocateDirect(100_000);
    fileSystem.write(root(), other, 0, bytes, Stability.UNSTABLE).join();

    check();

    assertThat(problems).isEmpty();
  }

  @Test
  void aChunkThatIsGoneIsFound() {
    stored.remove(new ChunkId(large.ino(), large.state().layout().chunkGeneration(), 1)).join();

    LiveCheck.Report report = check();

    assertThat(problems).containsExactly("inode " + large.ino() + ": 1 chunks of it are missing");
    assertThat(report.unjudged()).isZero();
  }

  @Test
  void anInodeThatIsGoneIsFound() {
    store.awaitDurable(store.apply(new Batch().delete(Keys.inode(large.ino())), Blocking.ALLOWED));

    check();

    assertThat(problems)
        .anyMatch(it -> it.contains("an entry leads to inode " + large.ino()))
        .anyMatch(it -> it.startsWith("usage"));
  }

  @Test
  void aFileThatIsCutWhileItsChunksAreListedIsNotDamaged() {
    chunks.beforeList(() -> cut(ChunkStore.CHUNK_BYTES + 1));

    LiveCheck.Report report = check();

    assertThat(stored.size()).isEqualTo(2);
    assertThat(problems).isEmpty();
    assertThat(report.unjudged()).isZero();
  }

  @Test
  void aFileThatIsCutAndLacksAChunkIsFound() {
    chunks.beforeList(() -> cut(ChunkStore.CHUNK_BYTES + 1));
    stored.remove(new ChunkId(large.ino(), large.state().layout().chunkGeneration(), 0)).join();

    check();

    assertThat(problems).containsExactly("inode " + large.ino() + ": 1 chunks of it are missing");
  }

  @Test
  void aFileThatIsCutAndWrittenAtEveryListingIsNotJudged() {
    chunks.beforeList(() -> {
      cut(ChunkStore.CHUNK_BYTES);
      if (stored.size() == 1) {
        chunks.beforeList(this::cutAndFill);
      }
    });

    LiveCheck.Report report = check();

    assertThat(problems).isEmpty();
    assertThat(report.unjudged()).isEqualTo(1);
  }

  private void cutAndFill() {
    cut(ChunkStore.CHUNK_BYTES / 2);
    try {
      fill();
    } catch (FsException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFileThatIsRemovedWhileItsChunksAreListedIsNotDamaged() {
    chunks.beforeList(this::remove);

    LiveCheck.Report report = check();

    assertThat(stored.size()).isZero();
    assertThat(problems).isEmpty();
    assertThat(report.unjudged()).isZero();
  }

  @Test
  void aCheckTakesNoMoreMemoryThanItMay() {
    assertThatThrownBy(() -> fileSystem.check(100).run(problems::add))
        .isInstanceOf(LiveCheck.NoRoom.class);
    assertThat(problems).isEmpty();
  }

  @Test
  void aCheckCanBeStopped() {
    LiveCheck check = fileSystem.check(PLENTY_BYTES);
    chunks.beforeList(check::stop);

    assertThatThrownBy(() -> check.run(problems::add)).isInstanceOf(CancellationException.class);
  }
}
