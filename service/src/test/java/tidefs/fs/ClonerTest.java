package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.root;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/** Clones: what they contain, that they are whole at each instant, and what is refused. */
final class ClonerTest {
  private static final int CHUNK = 4 << 20;
  private static final int BLOCK = Limits.CLONE_BLOCK_BYTES;
  private static StoreResources resources;
  @TempDir private Path directory;
  private FileSystemRig rig;
  private Inode source;
  private Inode target;
  private byte[] data;

  @BeforeAll
  static void open() {
    resources = new StoreResources(32L << 20);
  }

  @AfterAll
  static void close() {
    resources.close();
  }

  @BeforeEach
  void make() throws FsException {
    rig = new FileSystemRig(directory, resources, 1);
    source = rig.file(rig.fs().root(), "source");
    target = rig.file(rig.fs().root(), "target");
    data = new byte[2 * CHUNK + 100];
    new Random(7).nextBytes(data);
    rig.write(source, 0, data, Stability.UNSTABLE);
  }

  @AfterEach
  void check() {
    assertThat(rig.check()).isEmpty();
    rig.close();
  }

  private long clone(long from, long to, long count) throws FsException {
    Operation operation = root();
    long moved = rig.fs().clone(operation, source, target, new CloneRange(from, to, count));
    rig.fs().store().awaitDurable(operation.dependsOn());
    return moved;
  }

  private void refused(Errno errno, Inode from, Inode to, CloneRange range) {
    assertThatThrownBy(() -> rig.fs().clone(root(), from, to, range))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).as("%s", range).isEqualTo(errno));
  }

  private void kill() throws FsException {
    rig.kill();
    source = rig.lookup(rig.fs().root(), "source");
    target = rig.lookup(rig.fs().root(), "target");
  }

  private byte[] all(Inode file) throws FsException {
    return rig.read(file, 0, (int) rig.attributes(file).size());
  }

  @Test
  void aWholeFileIsClonedAndDurableThoughItsSourceIsNot() throws FsException {
    long change = rig.attributes(target).change();
    assertThat(clone(0, 0, 0)).isEqualTo(data.length);
    assertThat(rig.attributes(target).change()).isGreaterThan(change);
    assertThat(all(target)).isEqualTo(data);
    rig.write(source, 0, new byte[CHUNK], Stability.UNSTABLE);
    assertThat(all(target)).as("a later write to the source").isEqualTo(data);
    kill();
    assertThat(all(target)).isEqualTo(data);
    assertThat(rig.attributes(source).size()).as("nobody committed it").isZero();
  }

  @Test
  void aRangeLeavesWhatIsAroundIt() throws FsException {
    byte[] old = new byte[3 * CHUNK];
    Arrays.fill(old, (byte) 5);
    rig.write(target, 0, old, Stability.UNSTABLE);
    clone(CHUNK, BLOCK, CHUNK);
    System.arraycopy(data, CHUNK, old, BLOCK, CHUNK);
    assertThat(all(target)).isEqualTo(old);
    clone(2L * CHUNK, 2L * CHUNK, 0); // 100 bytes, the end of the source, and zeros.
    System.arraycopy(data, 2 * CHUNK, old, 2 * CHUNK, 100);
    Arrays.fill(old, 2 * CHUNK + 100, 2 * CHUNK + BLOCK, (byte) 0);
    kill();
    assertThat(all(target)).isEqualTo(old);
    rig.runBackground();
    assertThat(rig.attributes(target).spaceUsed()).isEqualTo(3L * CHUNK);
  }

  @Test
  void aFileIsClonedWithinItself() throws FsException {
    target = source;
    clone(0, 2L * CHUNK + BLOCK, CHUNK);
    byte[] now = Arrays.copyOf(data, 3 * CHUNK + BLOCK);
    System.arraycopy(data, 0, now, 2 * CHUNK + BLOCK, CHUNK);
    assertThat(all(source)).isEqualTo(now);
    refused(Errno.EINVAL, source, source, new CloneRange(0, BLOCK, 2 * BLOCK));
    refused(Errno.EINVAL, source, source, new CloneRange(BLOCK, 0, 2 * BLOCK));
    refused(Errno.EINVAL, source, source, new CloneRange(0, 0, 0));
    clone(0, BLOCK, BLOCK);
    System.arraycopy(now, 0, now, BLOCK, BLOCK);
    assertThat(all(source)).isEqualTo(now);
  }

  @Test
  void holesStayHoles() throws FsException {
    rig.fs().punchHole(root(), source, BLOCK, CHUNK);
    rig.fs().punchHole(root(), source, CHUNK + BLOCK, CHUNK - BLOCK);
    rig.write(target, 0, new byte[3 * CHUNK], Stability.UNSTABLE);
    long moved = clone(0, 0, 2L * CHUNK);
    assertThat(moved).as("what was neither a hole nor cloned over").isEqualTo(BLOCK + CHUNK);
    assertThat(rig.attributes(target).spaceUsed()).isEqualTo(BLOCK + CHUNK);
    assertThat(rig.fs().seek(root(), target, 0, false)).isEqualTo(BLOCK);
    assertThat(rig.fs().seek(root(), target, BLOCK, true)).isEqualTo(2L * CHUNK);
    kill();
    assertThat(rig.fs().seek(root(), target, BLOCK, true)).isEqualTo(2L * CHUNK);
    assertThat(rig.read(target, 0, BLOCK)).isEqualTo(Arrays.copyOf(data, BLOCK));
  }

  @Test
  void smallFilesStayInTheirInodes() throws FsException {
    rig.truncate(source, 100);
    clone(0, 0, 0);
    rig.runBackground();
    assertThat(all(target)).isEqualTo(Arrays.copyOf(data, 100));
    assertThat(target.state().layout().inline()).isTrue();
    rig.write(target, 3, new byte[] {1, 2, 3}, Stability.FILE_SYNC);
    kill();
    assertThat(rig.read(target, 3, 3)).containsExactly(1, 2, 3);
  }

  @Test
  void theFormerContentsGoAndSoDoesWhatWasNotPublished() throws FsException {
    rig.write(target, 0, new byte[3 * CHUNK], Stability.UNSTABLE);
    clone(0, 0, 0);
    clone(0, 0, 0);
    rig.runBackground();
    rig.remove(rig.fs().root(), "target");
    rig.runBackground();
    assertThat(rig.fs().usage().standardBytes()).isLessThan(2L * CHUNK + 20_000);
    assertThat(rig.check()).as("no chunk is left over").isEmpty();
    target = rig.file(rig.fs().root(), "target");
  }

  @Test
  void readersSeeAllOrNothing() throws Exception {
    byte[] ones = new byte[2 * CHUNK];
    byte[] twos = new byte[2 * CHUNK];
    Arrays.fill(ones, (byte) 1);
    Arrays.fill(twos, (byte) 2);
    Inode two = rig.file(rig.fs().root(), "two");
    rig.write(source, 0, ones, Stability.UNSTABLE);
    rig.write(two, 0, twos, Stability.UNSTABLE);
    rig.truncate(source, 2L * CHUNK);
    clone(0, 0, 0);
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> mixed(ended));
    for (int i = 0; i < 20; i++) {
      Inode from = i % 2 == 0 ? two : source;
      long moved = rig.fs().clone(root(), from, target, new CloneRange(0, 0, 0));
      assertThat(moved).isEqualTo(2L * CHUNK);
      rig.runBackground();
    }
    ended.set(true);
    assertThat(reader.get()).as("reads that saw some of each").isZero();
  }

  /** Reads around the border of two chunks until the end; how often the bytes differ. */
  private long mixed(AtomicBoolean ended) {
    long mixed = 0;
    while (!ended.get()) {
      try {
        byte[] read = rig.read(target, CHUNK - 10_000, 20_000);
        mixed += read[0] == read[19_999] ? 0 : 1;
      } catch (FsException e) {
        throw new AssertionError(e);
      }
    }
    return mixed;
  }

  @Test
  @Timeout(60)
  void clonesInBothDirectionsAndWritesNeverWaitForEachOtherInACircle() throws Exception {
    rig.write(target, 0, new byte[CHUNK], Stability.UNSTABLE);
    rig.truncate(source, CHUNK);
    List<Callable<Boolean>> all = new ArrayList<>();
    for (Inode from : new Inode[] {source, target}) {
      Inode to = from == source ? target : source;
      all.add(() -> {
        for (int i = 0; i < 30; i++) {
          long bytes = rig.fs().clone(root(), from, to, new CloneRange(0, 0, 0));
          assertThat(bytes).isEqualTo(CHUNK);
        }
        return true;
      });
      all.add(() -> {
        for (int i = 0; i < 60; i++) {
          rig.write(from, i * 1_000L, new byte[] {1, 2, 3}, Stability.FILE_SYNC);
        }
        return true;
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(all.size())) {
      for (Future<Boolean> each : threads.invokeAll(all)) {
        assertThat(each.get()).isTrue();
      }
    }
    assertThat(rig.attributes(target).size()).isEqualTo(CHUNK);
    rig.runBackground();
  }

  @Test
  void aFileOfAColdClassIsClonedAndACloneIsInStandard() throws FsException {
    rig.commit(source);
    rig.write(target, 0, new byte[CHUNK], Stability.FILE_SYNC);
    for (Inode each : new Inode[] {source, target}) {
      assertThat(rig.fs().lifecycle().move(each, StorageClass.ARCHIVE, Pace.UNLIMITED)).isTrue();
    }
    clone(0, BLOCK, 0);
    assertThat(rig.fs().lifecycle().storageClass(target)).isEqualTo(StorageClass.STANDARD);
    assertThat(rig.fs().lifecycle().storageClass(source)).isEqualTo(StorageClass.ARCHIVE);
    kill();
    assertThat(rig.read(target, 0, BLOCK)).containsOnly(0);
    assertThat(rig.read(target, BLOCK, data.length)).isEqualTo(data);
  }

  @Test
  void whatIsNotAlignedOrTooMuchIsRefused() throws FsException {
    for (CloneRange range :
        new CloneRange[] {
          new CloneRange(1, 0, BLOCK),
          new CloneRange(0, 1, BLOCK),
          new CloneRange(0, 0, BLOCK + 1),
          new CloneRange(0, 0, data.length + 1),
          new CloneRange(-BLOCK, 0, BLOCK),
          new CloneRange(0, -BLOCK, BLOCK),
          new CloneRange(0, 0, -BLOCK),
          new CloneRange(0, 0, Long.MAX_VALUE),
          new CloneRange(3L * CHUNK, 0, 0)
        }) {
      refused(Errno.EINVAL, source, target, range);
    }
    long last = Limits.FILE_BYTES / BLOCK * BLOCK;
    refused(Errno.EFBIG, source, target, new CloneRange(0, last, 0));
    rig.truncate(source, Limits.CLONE_BYTES + CHUNK);
    assertThat(clone(0, 0, 0)).as("holes cost nothing").isPositive().isLessThan(3L * CHUNK);
    Inode root = rig.fs().root();
    refused(Errno.EISDIR, root, target, new CloneRange(0, 0, 0));
    Inode link =
        rig.fs()
            .create(root(), root, name("link"), FileSystemRig.what(FileType.FIFO, 0644))
            .inode();
    refused(Errno.ENOTREG, source, link, new CloneRange(0, 0, 0));
    assertThatThrownBy(() ->
            rig.fs()
                .clone(
                    new Operation(Credentials.ROOT, Blocking.FORBIDDEN),
                    source,
                    target,
                    new CloneRange(0, 0, 0)))
        .isSameAs(WouldBlock.INSTANCE);
  }

  @Test
  void aTargetOfTooMuchDataIsRefusedUntouched() throws FsException {
    byte[] part = new byte[CHUNK];
    long piece = 64 << 10;
    rig.truncate(target, Limits.CLONE_BYTES * 2);
    for (long at = 0; at <= Limits.CLONE_BYTES / piece; at++) {
      rig.write(target, at * 2 * BLOCK, Arrays.copyOf(part, BLOCK), Stability.UNSTABLE);
    }
    refused(Errno.EFBIG, source, target, new CloneRange(0, Limits.CLONE_BYTES, 0));
    assertThat(rig.attributes(target).size()).isEqualTo(Limits.CLONE_BYTES * 2);
  }
}
