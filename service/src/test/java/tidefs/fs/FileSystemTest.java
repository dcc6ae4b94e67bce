package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.root;
import static tidefs.testkit.FileSystemRig.what;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

final class FileSystemTest {
  private static StoreResources resources;
  @TempDir private Path directory;
  private FileSystemRig rig;

  @BeforeAll
  static void open() {
    resources = new StoreResources(32L << 20);
  }

  @AfterAll
  static void close() {
    resources.close();
  }

  @BeforeEach
  void start() {
    rig = new FileSystemRig(directory, resources, 1);
  }

  @AfterEach
  void check() {
    assertThat(rig.check()).isEmpty();
    rig.close();
  }

  private static void refused(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(FsException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed + (i >> 8));
    }
    return bytes;
  }

  @Test
  void aNewFileSystemHoldsItsRootAlone() throws FsException {
    Inode root = rig.fs().root();
    assertThat(rig.fs().usage()).isEqualTo(Usage.standard(6_144, 1));
    Attributes attributes = rig.attributes(root);
    assertThat(attributes.mode()).isEqualTo(0755);
    assertThat(attributes.links()).isEqualTo(2);
    assertThat(attributes.spaceUsed()).isEqualTo(4_096);
    refused(Errno.ENOENT, () -> rig.lookup(root, "a"));
    refused(Errno.ENOENT, () -> rig.fs().parent(root(), root));
  }

  @Test
  void whatWasMadeIsFoundAgainAfterAKill() throws FsException {
    Inode home = rig.directory(rig.fs().root(), "home");
    Inode file = rig.file(home, "a");
    rig.write(file, 0, pattern(100, 1), Stability.FILE_SYNC);
    Attributes before = rig.attributes(file);
    rig.kill();
    Inode again = rig.lookup(rig.lookup(rig.fs().root(), "home"), "a");
    assertThat(again.ino()).isEqualTo(file.ino());
    assertThat(rig.attributes(again)).isEqualTo(before);
    assertThat(rig.read(again, 0, 1_000)).isEqualTo(pattern(100, 1));
  }

  @Test
  void filesOfManySizesAreReadBack() throws FsException {
    for (int size : new int[] {1, 4_095, 4_096, 4_097, 70_000, (4 << 20) - 1, (4 << 20) + 5}) {
      Inode file = rig.file(rig.fs().root(), "f" + size);
      byte[] bytes = pattern(size, size);
      rig.write(file, 0, bytes, Stability.UNSTABLE);
      assertThat(rig.read(file, 0, size + 10)).isEqualTo(bytes);
      rig.commit(file);
      assertThat(rig.read(file, 3, size))
          .isEqualTo(Arrays.copyOfRange(bytes, Math.min(3, size), size));
    }
    rig.kill();
    for (int size : new int[] {1, 4_095, 4_096, 4_097, 70_000, (4 << 20) - 1, (4 << 20) + 5}) {
      Inode file = rig.lookup(rig.fs().root(), "f" + size);
      assertThat(rig.read(file, 0, size + 10)).isEqualTo(pattern(size, size));
    }
  }

  @Test
  void unstableWritesAreSeenAtOnceAndMayBeLost() throws FsException {
    Inode file = rig.file(rig.fs().root(), "a");
    rig.write(file, 0, pattern(10_000, 1), Stability.FILE_SYNC);
    rig.write(file, 10_000, pattern(10_000, 2), Stability.UNSTABLE);
    assertThat(rig.attributes(file).size()).isEqualTo(20_000);
    rig.kill();
    Inode again = rig.lookup(rig.fs().root(), "a");
    assertThat(rig.attributes(again).size()).isEqualTo(10_000);
    assertThat(rig.read(again, 0, 20_000)).isEqualTo(pattern(10_000, 1));
  }

  @Test
  void bytesThatACrashLeftBeyondTheEndNeverShow() throws FsException {
    Inode file = rig.file(rig.fs().root(), "a");
    rig.write(file, 0, pattern(5_000, 1), Stability.FILE_SYNC);
    rig.write(file, 5_000, pattern(50_000, 2), Stability.UNSTABLE);
    rig.kill();
    Inode again = rig.lookup(rig.fs().root(), "a");
    rig.write(again, 40_000, pattern(10, 3), Stability.UNSTABLE);
    byte[] expected = Arrays.copyOf(pattern(5_000, 1), 40_010);
    System.arraycopy(pattern(10, 3), 0, expected, 40_000, 10);
    assertThat(rig.read(again, 0, 50_000)).isEqualTo(expected);
    rig.truncate(again, 50_000);
    assertThat(rig.read(again, 0, 60_000)).isEqualTo(Arrays.copyOf(expected, 50_000));
  }

  @Test
  void holesReadAsZerosAndAreNotMetered() throws FsException {
    Inode file = rig.file(rig.fs().root(), "a");
    rig.write(file, 1L << 40, pattern(4_096, 1), Stability.FILE_SYNC);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(4_096);
    assertThat(rig.read(file, 1 << 30, 100)).isEqualTo(new byte[100]);
    rig.write(file, 0, pattern(10, 2), Stability.UNSTABLE);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(8_192);
    rig.truncate(file, 100);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(4_096);
    assertThat(rig.read(file, 0, 1_000)).isEqualTo(Arrays.copyOf(pattern(10, 2), 100));
  }

  @Test
  void aListingGivesEachEntryOnceAndGoesOnFromACookie() throws FsException {
    for (int i = 0; i < 500; i++) {
      rig.file(rig.fs().root(), "file-" + i);
    }
    List<String> names = new ArrayList<>();
    long[] cookie = new long[1];
    boolean end = false;
    while (!end) {
      int[] page = new int[1];
      end =
          rig.fs()
              .list(
                  root(),
                  rig.fs().root(),
                  cookie[0],
                  (at, name, ino, attributes) -> {
                    if (page[0]++ == 7) {
                      return false;
                    }
                    assertThat(at).isGreaterThan(Math.max(2, cookie[0]));
                    assertThat(attributes.ino()).isEqualTo(ino);
                    cookie[0] = at;
                    names.add(new String(name, java.nio.charset.StandardCharsets.UTF_8));
                    return true;
                  });
    }
    assertThat(names).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void removedFilesLiveOnWhileTheyAreRetained() throws FsException {
    Inode file = rig.file(rig.fs().root(), "a");
    rig.write(file, 0, pattern(9_000, 1), Stability.FILE_SYNC);
    rig.fs().retain(file);
    rig.remove(rig.fs().root(), "a");
    assertThat(rig.read(file, 0, 9_000)).isEqualTo(pattern(9_000, 1));
    assertThat(rig.attributes(file).links()).isZero();
    rig.fs().release(file);
    refused(Errno.ESTALE, () -> rig.attributes(file));
    refused(Errno.ESTALE, () -> rig.fs().inode(root(), file.ino()));
    rig.runBackground();
    assertThat(rig.chunks().size()).isZero();
    assertThat(rig.fs().usage()).isEqualTo(Usage.standard(6_144, 1));
  }

  @Test
  void anOrphanIsRemovedWhenTheFileSystemIsOpenedAgain() throws FsException {
    Inode file = rig.file(rig.fs().root(), "a");
    rig.write(file, 0, pattern(9_000, 1), Stability.FILE_SYNC);
    rig.fs().retain(file);
    rig.remove(rig.fs().root(), "a");
    rig.kill();
    refused(Errno.ESTALE, () -> rig.fs().inode(root(), file.ino()));
    rig.runBackground();
    assertThat(rig.chunks().size()).isZero();
    assertThat(rig.fs().usage().inodes()).isEqualTo(1);
  }

  @Test
  void renameOverNonEmptyDirectoryIsRefused() throws FsException {
    Inode top = rig.fs().root();
    rig.directory(top, "a");
    rig.file(rig.directory(top, "b"), "c");
    refused(Errno.ENOTEMPTY, () -> rig.fs().rename(root(), top, name("a"), top, name("b")));
    refused(Errno.ENOTEMPTY, () -> rig.remove(top, "b"));
  }

  @Test
  void aDirectoryIsNotMovedBelowItself() throws FsException {
    Inode top = rig.fs().root();
    Inode a = rig.directory(top, "a");
    Inode b = rig.directory(a, "b");
    refused(Errno.EINVAL, () -> rig.fs().rename(root(), top, name("a"), b, name("c")));
    rig.fs().rename(root(), a, name("b"), top, name("b"));
    assertThat(rig.fs().parent(root(), b)).isSameAs(top);
    assertThat(rig.attributes(a).links()).isEqualTo(2);
    assertThat(rig.attributes(top).links()).isEqualTo(4);
  }

  @Test
  void aFileHasAtMost177Links() throws FsException {
    Inode top = rig.fs().root();
    Inode file = rig.file(top, "0");
    for (int i = 1; i < 177; i++) {
      rig.fs().link(root(), file, top, name("" + i));
    }
    refused(Errno.EMLINK, () -> rig.fs().link(root(), file, top, name("x")));
    assertThat(rig.attributes(file).links()).isEqualTo(177);
  }

  @Test
  void directoriesAreAtMost1000Deep() throws FsException {
    Inode at = rig.fs().root();
    for (int depth = 1; depth <= 1_000; depth++) {
      at = rig.directory(at, "d");
    }
    Inode deepest = at;
    refused(Errno.ENAMETOOLONG, () -> rig.directory(deepest, "d"));
    rig.file(deepest, "file");
  }

  @Test
  void anExclusiveCreationIsRecognisedWhenRepeated() throws FsException {
    Inode top = rig.fs().root();
    NewInode what = new NewInode(FileType.REGULAR, AttributeChanges.NONE, InodeState.NO_DATA, 77);
    Created first = rig.fs().create(root(), top, name("a"), what);
    Created second = rig.fs().create(root(), top, name("a"), what);
    assertThat(second.isNew()).isFalse();
    assertThat(second.inode()).isSameAs(first.inode());
    rig.fs().setAttributes(root(), first.inode(), FileSystemRig.mode(0600), false);
    refused(Errno.EEXIST, () -> rig.fs().create(root(), top, name("a"), what));
    refused(
        Errno.EEXIST, () -> rig.fs().create(root(), top, name("a"), what(FileType.DIRECTORY, 0)));
  }

  @Test
  void devicesKeepTheirNumbersOverARestart() throws FsException {
    Device device = new Device(-1, 42);
    NewInode what =
        new NewInode(FileType.CHARACTER, FileSystemRig.mode(0600), new byte[0], device, 0);
    rig.fs().create(root(), rig.fs().root(), name("tty"), what);
    rig.kill();
    Inode found = rig.lookup(rig.fs().root(), "tty");
    assertThat(found.type()).isEqualTo(FileType.CHARACTER);
    assertThat(rig.fs().attributes(root(), found).device()).isEqualTo(device);
    Operation someone = FileSystemRig.user(1000, 1000);
    Inode open =
        rig.fs()
            .create(root(), rig.fs().root(), name("open"), what(FileType.DIRECTORY, 0777))
            .inode();
    refused(Errno.EPERM, () -> rig.fs().create(someone, open, name("x"), what));
  }

  @Test
  void oldUnstableWritesAreCommittedInTheBackground() throws FsException {
    Inode file = rig.file(rig.fs().root(), "a");
    rig.write(file, 0, pattern(20_000, 1), Stability.UNSTABLE);
    rig.fs().maintain();
    assertThat(rig.runBackground()).isZero();
    rig.advance(6_000_000_000L);
    rig.fs().maintain();
    assertThat(rig.runBackground()).isEqualTo(1);
    rig.kill();
    assertThat(rig.read(rig.lookup(rig.fs().root(), "a"), 0, 30_000)).isEqualTo(pattern(20_000, 1));
  }
}
