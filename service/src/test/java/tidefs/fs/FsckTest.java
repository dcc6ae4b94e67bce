package tidefs.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.ChunkId;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/** Damages records of every kind: the check finds it, and the repair loses nothing. */
final class FsckTest {
  private static final byte[] LARGE = new byte[100_000];
  private static final byte[] SMALL = "contents".getBytes(UTF_8);

  @TempDir private Path directory;
  private final StoreResources resources = new StoreResources(32L << 20);
  private FileSystemRig rig;
  private MetadataStore store;
  private long small;
  private long large;
  private long sub;

  @BeforeEach
  void make() throws FsException {
    rig = new FileSystemRig(directory, resources, 1);
    Inode root = rig.fs().root();
    Inode made = rig.directory(root, "sub");
    sub = made.ino();
    Inode smallFile = rig.file(made, "small");
    rig.write(smallFile, 0, SMALL, Stability.FILE_SYNC);
    small = smallFile.ino();
    Inode largeFile = rig.file(root, "large");
    rig.write(largeFile, 0, LARGE, Stability.UNSTABLE);
    rig.commit(largeFile);
    large = largeFile.ino();
    rig.directory(made, "below");
    rig.restart();
    store = rig.fs().store();
    assertThat(problems()).isEmpty();
  }

  @AfterEach
  void close() {
    rig.close();
    resources.close();
  }

  /** A way to damage what {@link #make} made. */
  enum Damage {
    ENTRY_GONE,
    ENTRY_UNREADABLE,
    ENTRY_TO_NOTHING,
    ENTRY_OF_ANOTHER_TYPE,
    DIRECTORY_ENTRY_GONE,
    DIRECTORY_INODE_GONE,
    LINKS,
    NO_LINKS,
    DIRECTORY_LINKS,
    PARENT,
    COUNT_OF_ENTRIES,
    METERED_SIZE,
    COUNT_OF_XATTRS,
    MAP_WITHOUT_FILE,
    ORPHAN_MARK_WITHOUT_INODE,
    ORPHAN_MARK_OF_A_NAMED_INODE,
    USAGE
  }

  @ParameterizedTest
  @EnumSource
  void damageIsFoundAndMendedWithoutLoss(Damage damage) throws FsException {
    store.apply(batch(damage), Blocking.ALLOWED);
    assertThat(problems()).isNotEmpty();
    List<String> told = new ArrayList<>();
    Fsck.repair(store, told::add);
    assertThat(told).isNotEmpty();
    assertThat(problems()).isEmpty();
    rig.kill(); // What a cache knew of before goes.
    assertThat(rig.read(rig.fs().inode(FileSystemRig.root(), small), 0, 100)).isEqualTo(SMALL);
    assertThat(rig.read(rig.fs().inode(FileSystemRig.root(), large), 0, LARGE.length))
        .isEqualTo(LARGE);
    assertThat(rig.check()).isEmpty();
  }

  private Batch batch(Damage damage) {
    Batch batch = new Batch();
    long root = InodeNumbers.ROOT;
    byte[] smallEntry = entry(sub, "small");
    switch (damage) {
      case ENTRY_GONE -> batch.delete(smallEntry);
      case ENTRY_UNREADABLE -> batch.put(smallEntry, new byte[] {9});
      case ENTRY_TO_NOTHING ->
          batch.put(
              entry(root, "x"),
              new DirectoryEntry(999_999, FileType.REGULAR, false, "x".getBytes(UTF_8)).encode());
      case ENTRY_OF_ANOTHER_TYPE ->
          batch.put(
              smallEntry,
              new DirectoryEntry(small, FileType.FIFO, false, "small".getBytes(UTF_8)).encode());
      case DIRECTORY_ENTRY_GONE -> batch.delete(entry(root, "sub"));
      case DIRECTORY_INODE_GONE -> batch.delete(Keys.inode(sub));
      case LINKS -> change(batch, small, state -> links(state, 5));
      case NO_LINKS -> change(batch, small, state -> links(state, 0));
      case DIRECTORY_LINKS -> change(batch, sub, state -> links(state, 7));
      case PARENT -> change(batch, sub, state -> state.withParent(large));
      case COUNT_OF_ENTRIES -> change(batch, sub, state -> state.withEntries(3, 0));
      case METERED_SIZE ->
          change(
              batch,
              large,
              state -> state.with(new AttributesBuilder(state.attributes()).spaceUsed(1).build()));
      case COUNT_OF_XATTRS -> change(batch, small, state -> state.withXattrBytes(77));
      case MAP_WITHOUT_FILE -> batch.put(Keys.map(999_999, 0, 0), BlockMaps.encode(new long[16]));
      case ORPHAN_MARK_WITHOUT_INODE -> batch.put(Keys.orphan(999_999), new byte[] {1});
      case ORPHAN_MARK_OF_A_NAMED_INODE -> batch.put(Keys.orphan(small), new byte[] {1});
      case USAGE -> batch.put(Keys.usage(0), UsageLedger.encode(Usage.standard(1, 1)));
    }
    return batch;
  }

  private byte[] entry(long parent, String name) {
    return Keys.entry(parent, Superblock.read(store).hash().cookie(name.getBytes(UTF_8)));
  }

  private static InodeState links(InodeState state, int links) {
    return state.with(new AttributesBuilder(state.attributes()).links(links).build());
  }

  private void change(Batch batch, long ino, UnaryOperator<InodeState> change) {
    byte[] stored = store.get(Keys.inode(ino), Blocking.ALLOWED).orElseThrow();
    InodeState changed = change.apply(InodeCodec.decode(ino, stored, 0));
    batch.put(Keys.inode(ino), InodeCodec.encode(changed));
  }

  @Test
  void aMissingChunkIsFound() {
    int generation = generation(large);
    rig.chunks().remove(new ChunkId(large, generation, 0)).join();
    assertThat(problems()).containsExactly("inode " + large + ": 1 chunks of it are missing");
  }

  @Test
  void chunksThatNobodyRefersToAreCountedAndNoDamage() {
    var bytes = java.nio.ByteBuffer.allocateDirect(10);
    rig.chunks().write(new ChunkId(large, generation(large) + 1, 0), 0, bytes).join();
    rig.chunks().write(new ChunkId(999_999, 0, 3), 0, bytes).join();
    List<String> problems = new ArrayList<>();
    Fsck.Report report = Fsck.check(store, rig.chunks(), problems::add);
    assertThat(problems).isEmpty();
    assertThat(report.strayChunks()).isEqualTo(2);
    assertThat(report.strayBytes()).isEqualTo(20);
  }

  private int generation(long ino) {
    byte[] stored = store.get(Keys.inode(ino), Blocking.ALLOWED).orElseThrow();
    return InodeCodec.decode(ino, stored, 0).layout().generation();
  }

  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    Fsck.check(store, rig.chunks(), problems::add);
    return problems;
  }
}
