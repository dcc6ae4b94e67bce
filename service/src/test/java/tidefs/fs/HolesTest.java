package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.root;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/** Holes and extended attributes, and that they outlive a kill. */
final class HolesTest {
  private static final int CHUNK = 4 << 20;
  private static StoreResources resources;
  @TempDir private Path directory;
  private FileSystemRig rig;
  private Inode file;

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
    file = rig.file(rig.fs().root(), "file");
  }

  @AfterEach
  void check() {
    assertThat(rig.check()).isEmpty();
    rig.close();
  }

  private void kill() throws FsException {
    rig.kill();
    file = rig.lookup(rig.fs().root(), "file");
  }

  private void fill(int bytes) throws FsException {
    byte[] data = new byte[bytes];
    Arrays.fill(data, (byte) 7);
    rig.write(file, 0, data, Stability.FILE_SYNC);
  }

  private long seek(long from, boolean data) throws FsException {
    return rig.fs().seek(root(), file, from, data);
  }

  @Test
  void wholeBlocksOfAHoleCountNoMoreAndPartialOnesReadAsZeros() throws FsException {
    fill(3 * CHUNK);
    rig.fs().punchHole(root(), file, 5_000, 20_000);
    kill();
    assertThat(rig.attributes(file).size()).isEqualTo(3L * CHUNK);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(3L * CHUNK - 4 * 4_096);
    assertThat(seek(0, false)).isEqualTo(8_192);
    assertThat(seek(8_192, true)).isEqualTo(24_576);
    assertThat(seek(24_576, false)).isEqualTo(3L * CHUNK);
    byte[] read = rig.read(file, 4_999, 20_002);
    assertThat(read[0]).isEqualTo((byte) 7);
    assertThat(Arrays.copyOfRange(read, 1, 20_001)).containsOnly(0);
    assertThat(read[20_001]).isEqualTo((byte) 7);
  }

  @Test
  void aWholeChunkIsRemovedAndMayBeWrittenAgain() throws FsException {
    fill(3 * CHUNK);
    rig.fs().punchHole(root(), file, 0, 2L * CHUNK);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(CHUNK);
    assertThat(seek(0, true)).isEqualTo(2L * CHUNK);
    kill();
    assertThat(rig.read(file, 0, 2 * CHUNK)).containsOnly(0);
    fill(3 * CHUNK);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(3L * CHUNK);
    assertThat(seek(0, false)).isEqualTo(3L * CHUNK);
    kill();
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(3L * CHUNK);
  }

  @Test
  void aFileCutInsideItsHolesCountsRight() throws FsException {
    fill(3 * CHUNK);
    rig.fs().punchHole(root(), file, 4_096, 4_096);
    rig.fs().punchHole(root(), file, CHUNK, CHUNK);
    rig.truncate(file, CHUNK + 100);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(CHUNK - 4_096);
    rig.truncate(file, 2L * CHUNK);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(CHUNK - 4_096);
    rig.truncate(file, 4_096);
    assertThat(rig.attributes(file).spaceUsed()).isEqualTo(4_096);
    assertThat(seek(0, false)).isEqualTo(4_096);
    kill();
    assertThat(rig.read(file, 0, 4_096)).containsOnly(7);
  }

  @Test
  void unstableWritesAreDurableAfterAHoleWasPunched() throws FsException {
    rig.write(file, 0, new byte[] {1, 2, 3}, Stability.FILE_SYNC);
    byte[] data = new byte[100_000];
    Arrays.fill(data, (byte) 9);
    rig.write(file, 0, data, Stability.UNSTABLE);
    Operation punch = root();
    rig.fs().punchHole(punch, file, 4_096, 4_096);
    rig.fs().store().awaitDurable(punch.dependsOn());
    kill();
    Arrays.fill(data, 4_096, 8_192, (byte) 0);
    assertThat(rig.read(file, 0, 100_000)).isEqualTo(data);
  }

  @Test
  void allocatingExtendsAndNeverCuts() throws FsException {
    fill(10_000);
    rig.fs().allocate(root(), file, 0, 5_000);
    assertThat(rig.attributes(file).size()).isEqualTo(10_000);
    rig.fs().allocate(root(), file, 50_000, 50_000);
    assertThat(rig.attributes(file).size()).isEqualTo(100_000);
    assertThat(rig.read(file, 10_000, 90_000)).containsOnly(0);
  }

  @Test
  void nothingIsSoughtBeyondTheEnd() throws FsException {
    fill(10);
    assertThat(seek(3, true)).isEqualTo(3);
    assertThat(seek(3, false)).isEqualTo(10);
    assertThatThrownBy(() -> seek(10, false))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENXIO));
  }

  @Test
  void extendedAttributesLiveAndGoWithTheirFile() throws FsException {
    byte[] value = new byte[65_536];
    Arrays.fill(value, (byte) 3);
    long before = rig.fs().usage().meteredBytes();
    rig.fs().setXattr(root(), file, name("big"), value, XattrExistence.EITHER);
    rig.fs().setXattr(root(), file, name("empty"), new byte[0], XattrExistence.ABSENT);
    assertThat(rig.fs().usage().meteredBytes() - before).isEqualTo(65_536 + 4_096);
    Operation last = root();
    Change change =
        rig.fs().setXattr(last, file, name("empty"), new byte[1], XattrExistence.PRESENT);
    assertThat(change.after()).isGreaterThan(change.before());
    rig.fs().store().awaitDurable(last.dependsOn());
    kill();
    assertThat(rig.fs().xattr(root(), file, name("big"))).isEqualTo(value);
    assertThat(rig.fs().xattr(root(), file, name("empty"))).isEqualTo(new byte[1]);
    rig.remove(rig.fs().root(), "file");
    assertThat(rig.fs().usage().meteredBytes()).isEqualTo(2_048 + 4_096);
  }

  @Test
  void extendedAttributesOfOneFileAreBounded() throws FsException {
    for (int i = 0; i < 3; i++) {
      rig.fs().setXattr(root(), file, name("v" + i), new byte[65_536], XattrExistence.EITHER);
    }
    assertThatThrownBy(() ->
            rig.fs().setXattr(root(), file, name("v3"), new byte[65_536], XattrExistence.EITHER))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
    assertThatThrownBy(() ->
            rig.fs().setXattr(root(), file, name("v0"), new byte[65_537], XattrExistence.EITHER))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.E2BIG));
  }
}
