package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/**
 * Files with redo records of small stable writes move: a record is never replayed into chunks that
 * were given up, and nothing of what was acknowledged is lost by a kill.
 */
final class MovesAndRedoTest {
  private static final int CHUNK = 4 << 20;
  private static final int SIZE = CHUNK + 100_000;

  @TempDir private Path directory;
  private StoreResources resources;
  private FileSystemRig rig;
  private final Random random = new Random(11);
  private byte[] model = new byte[SIZE];
  private Inode file;

  @BeforeEach
  void open() throws FsException {
    resources = new StoreResources(32L << 20);
    rig = new FileSystemRig(directory, resources, 7);
    file = rig.file(rig.fs().root(), "f");
    random.nextBytes(model);
    rig.write(file, 0, model, Stability.UNSTABLE);
    rig.commit(file);
  }

  @AfterEach
  void close() {
    rig.close();
    resources.close();
  }

  /** A small stable write, which a redo record makes durable. */
  private void write(int offset) throws FsException {
    byte[] bytes = new byte[700];
    random.nextBytes(bytes);
    rig.write(file, offset, bytes, Stability.FILE_SYNC);
    System.arraycopy(bytes, 0, model, offset, bytes.length);
    assertThat(file.dirty()).as("the write has a redo record").isTrue();
  }

  private boolean move(StorageClass to, Pace pace) throws FsException {
    return rig.fs().lifecycle().move(file, to, pace);
  }

  private void killAndCheck() throws FsException {
    rig.kill();
    rig.runBackground();
    file = rig.lookup(rig.fs().root(), "f");
    check();
  }

  private void check() throws FsException {
    byte[] found = rig.read(file, 0, SIZE);
    assertThat(Arrays.mismatch(found, model)).as("the first wrong byte").isEqualTo(-1);
    assertThat(rig.check()).isEmpty();
  }

  @Test
  void aMoveCommitsTheFileFirst() throws FsException {
    write(10);
    write(CHUNK + 5_000);
    assertThat(move(StorageClass.INFREQUENT_ACCESS, Pace.UNLIMITED)).isTrue();
    assertThat(file.dirty()).as("records are left").isFalse();
    assertThat(rig.fs().lifecycle().storageClass(file)).isEqualTo(StorageClass.INFREQUENT_ACCESS);
    check();
    killAndCheck();
    assertThat(rig.fs().lifecycle().storageClass(file)).isEqualTo(StorageClass.INFREQUENT_ACCESS);
  }

  @Test
  void aFileThatGetsARecordMeanwhileIsNotMoved() throws FsException {
    int[] once = {0};
    boolean moved =
        move(
            StorageClass.ARCHIVE,
            _ -> {
              if (once[0]++ == 0) {
                writeUnchecked(20_000);
              }
            });
    assertThat(moved).isFalse();
    assertThat(file.dirty()).isTrue();
    check();
    killAndCheck();
    assertThat(rig.fs().lifecycle().storageClass(file)).isEqualTo(StorageClass.STANDARD);
    rig.runBackground();
    assertThat(rig.cold(StorageClass.ARCHIVE).count()).as("abandoned copies").isZero();
  }

  private void writeUnchecked(int offset) {
    try {
      write(offset);
    } catch (FsException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRecordOfARaisedChunkDoesNotOutliveItsReturnToTheColdPlace() throws FsException {
    assertThat(move(StorageClass.INFREQUENT_ACCESS, Pace.UNLIMITED)).isTrue();
    write(CHUNK + 300); // Raises the second chunk.
    killAndCheck();
    write(CHUNK + 4_000);
    assertThat(move(StorageClass.INFREQUENT_ACCESS, Pace.UNLIMITED)).isTrue();
    assertThat(file.dirty()).isFalse();
    check();
    killAndCheck();
    write(77);
    assertThat(move(StorageClass.ARCHIVE, Pace.UNLIMITED)).isTrue();
    killAndCheck();
    assertThat(rig.fs().lifecycle().storageClass(file)).isEqualTo(StorageClass.ARCHIVE);
  }

  @Test
  void recordsWrittenWhileAFileReturnsCount() throws FsException {
    assertThat(move(StorageClass.INFREQUENT_ACCESS, Pace.UNLIMITED)).isTrue();
    int[] once = {0};
    boolean returned =
        move(
            StorageClass.STANDARD,
            _ -> {
              if (once[0]++ == 0) {
                writeUnchecked(100);
                writeUnchecked(CHUNK + 100);
              }
            });
    assertThat(returned).isTrue();
    check();
    killAndCheck();
    assertThat(rig.fs().lifecycle().storageClass(file)).isEqualTo(StorageClass.STANDARD);
  }
}
