package tidefs.server.copies;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.backup.BackupFolder;
import tidefs.backup.SealedEntries;
import tidefs.fs.FileSystem;
import tidefs.store.StoreResources;
import tidefs.testkit.ControlPlane;
import tidefs.testkit.FileSystemRig;

/** The schedule of backups, by a clock that the test drives. */
final class BackupEngineTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path directory;

  private static final class One implements OpenFileSystems {
    private final FileSystemRig rig;

    One(FileSystemRig rig) {
      this.rig = rig;
    }

    @Override
    public boolean holds(String fileSystemId) {
      return true;
    }

    @Override
    public FileSystem open(String fileSystemId) {
      return rig.fs();
    }

    @Override
    public FileSystem destination(String fileSystemId) {
      throw new AssertionError("backups have no destination");
    }

    @Override
    public void reset(String fileSystemId) {
      throw new AssertionError("backups reset nothing");
    }
  }

  private static final class NoSeal implements SealedEntries.Sealer {
    @Override
    public byte[] seal(String label, byte[] plain) {
      return plain;
    }

    @Override
    public Optional<byte[]> open(String label, byte[] sealed) {
      return Optional.of(sealed);
    }
  }

  @Test
  void aPolicyThatIsEnabledMakesABackupEveryDayAndKeepsItForFiveWeeks() throws Exception {
    Path folder = directory.resolve("backups");
    try (ControlPlane plane = new ControlPlane();
        StoreResources resources = new StoreResources(16 << 20);
        FileSystemRig rig =
            new FileSystemRig(Files.createDirectory(directory.resolve("fs")), resources, 1)) {
      String id =
          plane
              .client()
              .post("/2015-02-01/file-systems", "{\"CreationToken\":\"a\",\"Backup\":true}")
              .get("FileSystemId");
      plane.client().post("/2015-02-01/file-systems", "{\"CreationToken\":\"b\",\"Backup\":false}");
      plane.settle();
      BackupFolder backups = new BackupFolder(folder);
      for (int day = 0; day < 40; day++) {
        rig.file(rig.fs().root(), "day-" + day);
        for (int hour = 0; hour < 3; hour++) {
          BackupEngine engine =
              new BackupEngine(
                  new BackupEngine.Setup(
                      plane.control,
                      new One(rig),
                      Optional.of(folder),
                      DAY,
                      Duration.ofDays(35),
                      () -> {
                        throw new AssertionError("the server is not backed up");
                      },
                      new NoSeal(),
                      plane.clock));
          engine.start();
          engine.tick();
          engine.close(); // Waits for what is under way.
          assertThat(backups.list())
              .as("day %d", day)
              .hasSize(Math.min(day + 1, 35))
              .allSatisfy(it -> assertThat(it.automatic()).isTrue())
              .allSatisfy(it -> assertThat(it.fileSystemId()).isEqualTo(id));
        }
        plane.clock.advance(DAY);
      }
      assertThat(backups.verify(backups.list().getLast().id())).isPositive();
    }
  }
}
