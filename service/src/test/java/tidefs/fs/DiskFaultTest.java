package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;
import tidefs.store.local.ChunkResources;
import tidefs.store.local.LocalChunkStore;
import tidefs.store.local.LocalJournal;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.ManualClock;
import tidefs.testkit.PowerCutIo;

/** What users of a file system see when a call of the disk below it fails. */
final class DiskFaultTest {
  private static final Path ROOT = Path.of("/disk");
  private static final int BYTES = 64 << 10;

  @TempDir private Path directory;
  private final PowerCutIo io = new PowerCutIo(3, ROOT);
  private final Random random = new Random(3);
  private final StoreResources resources = new StoreResources(32L << 20);
  private final ChunkResources chunkResources = new ChunkResources(1 << 20);
  private MetadataStore store;
  private LocalChunkStore chunks;
  private FileSystem fileSystem;
  private Inode file;

  @BeforeEach
  void open() throws FsException {
    ManualClock clock = new ManualClock();
    LocalJournal journal = LocalJournal.open(io, ROOT.resolve("journal"), 1, random::nextBytes);
    store = MetadataStore.open(directory, journal, resources, clock);
    chunks = LocalChunkStore.open(io, ROOT.resolve("chunks"), chunkResources);
    FileSystemConfig config =
        FileSystemConfig.of(store, chunks, clock, random::nextBytes, Runnable::run);
    FileSystem.format(config);
    fileSystem = FileSystem.open(config);
    file = create("file");
    write(1);
    commit();
  }

  @AfterEach
  void close() {
    chunks.close();
    store.close();
    chunkResources.close();
    resources.close();
  }

  @Test
  void aFullDiskRefusesTheWriteAndTakesTheNextOneWhenThereIsSpace() throws FsException {
    io.failAfter(1, PowerCutIo.Fault.FULL);
    assertThatThrownBy(() -> write(2))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
    assertThat(read()).isEqualTo((byte) 1);
    write(3);
    commit();
    assertThat(read()).isEqualTo((byte) 3);
    assertThat(problems()).isEmpty();
  }

  @Test
  void afterAFailedSyncNothingIsWrittenAndAllIsRead() throws FsException {
    write(2);
    write(BYTES, 2); // The file grows: its chunk is synced before the journal hears of it.
    io.failAfter(1, PowerCutIo.Fault.ERROR);
    assertThatThrownBy(this::commit).hasCauseInstanceOf(StoreFault.class);
    assertThatThrownBy(this::commit).hasCauseInstanceOf(StoreFault.class);
    assertThatThrownBy(() -> write(3)).hasCauseInstanceOf(StoreFault.class);
    assertThat(read()).isEqualTo((byte) 2);
  }

  @Test
  void aFailedJournalAcknowledgesNothingAndLetsRead() throws FsException {
    io.failAfter(1, PowerCutIo.Fault.ERROR);
    assertThatThrownBy(() -> create("never")).isInstanceOf(StoreFault.class);
    assertThatThrownBy(() -> create("later")).isInstanceOf(StoreFault.class);
    assertThat(read()).isEqualTo((byte) 1);
  }

  private Inode create(String name) throws FsException {
    Operation operation = FileSystemRig.root();
    Inode made =
        fileSystem
            .create(
                operation,
                fileSystem.root(),
                FileSystemRig.name(name),
                FileSystemRig.what(FileType.REGULAR, 0644))
            .inode();
    store.awaitDurable(operation.dependsOn());
    return made;
  }

  private void write(int value) throws FsException {
    write(0, value);
  }

  private void write(long offset, int value) throws FsException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    for (int i = 0; i < BYTES; i++) {
      bytes.put(i, (byte) value);
    }
    fileSystem.write(FileSystemRig.root(), file, offset, bytes, Stability.UNSTABLE).join();
  }

  private void commit() throws FsException {
    Operation operation = FileSystemRig.root();
    fileSystem.commit(operation, file).join();
    store.awaitDurable(operation.dependsOn());
  }

  private byte read() throws FsException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    fileSystem.read(FileSystemRig.root(), file, 0, bytes).join();
    assertThat(bytes.get(BYTES - 1)).isEqualTo(bytes.get(0));
    return bytes.get(0);
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    try (MetadataStore.Snapshot snapshot = store.snapshot()) {
      Fsck.check(snapshot, problems::add);
    }
    return problems;
  }
}
