package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/** What was cut off a file does not come back when the file grows, whoever died in between. */
final class GrantTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 7, 8, 9, 63, 64, 65, 69, 130})
  void bytesThatWereCutOffStayAwayAfterACrash(int mebibytes) throws FsException {
    try (StoreResources resources = new StoreResources(32L << 20);
        FileSystemRig rig = new FileSystemRig(directory, resources, mebibytes)) {
      Inode file = rig.file(rig.fs().root(), "file");
      long end = (long) mebibytes * MIB;
      rig.truncate(file, end); // A hole: nothing is written, and nothing granted.
      byte[] bytes = new byte[4_096];
      Arrays.fill(bytes, (byte) 7);
      long at = end - 5_000;
      rig.write(file, at, bytes, Stability.FILE_SYNC);
      rig.truncate(file, at - 10);

      rig.kill();

      Inode found = rig.lookup(rig.fs().root(), "file");
      rig.truncate(found, end);
      assertThat(rig.read(found, at, bytes.length)).containsOnly(0);
      assertThat(rig.check()).isEmpty();
    }
  }
}
