package tidefs.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.fs.Inode;
import tidefs.fs.Stability;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.RandomChanges;
import tidefs.testkit.TreeText;

/** Backups of a file system that goes on changing, and what comes back from them. */
final class BackupFolderTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;
  private final StoreResources resources = new StoreResources(16 << 20);
  private FileSystemRig source;
  private BackupFolder backups;

  @BeforeEach
  void open() throws IOException {
    source = rig("source", 1);
    backups = new BackupFolder(directory.resolve("backups"));
  }

  @AfterEach
  void close() {
    source.close();
    resources.close();
  }

  private FileSystemRig rig(String name, long seed) throws IOException {
    return new FileSystemRig(Files.createDirectory(directory.resolve(name)), resources, seed);
  }

  private Backup backup(int day) throws BackupException {
    return backups.create(
        source.fs(), "fs-1", FIRST.plusSeconds(day * 86_400L), true, Map.of("name", "a: b"));
  }

  private void assertRestores(Backup backup, Map<String, String> wanted) throws Exception {
    try (FileSystemRig restored = rig("restored-" + backup.id(), 7)) {
      backups.restore(backup.id(), restored.fs());
      Map<String, String> found = TreeText.of(restored.fs());
      assertThat(found.keySet()).isEqualTo(wanted.keySet());
      wanted.forEach((path, line) -> assertThat(found.get(path)).as(path).isEqualTo(line));
      assertThat(restored.check()).isEmpty();
    }
  }

  @Test
  void everyBackupRestoresTheInstantThatItWasMadeAt() throws Exception {
    RandomChanges changes = new RandomChanges(source, new Random(11));
    for (int day = 0; day < 4; day++) {
      changes.make(150);
      Backup made = backup(day);
      assertThat(backups.verify(made.id())).isPositive();
      assertRestores(made, TreeText.of(source.fs()));
    }
    assertThat(backups.list()).hasSize(4);
    assertThat(backups.list().getFirst().about()).containsEntry("name", "a: b");
  }

  @Test
  void onlyWhatHasChangedIsStoredAgain() throws Exception {
    Inode file = source.file(source.fs().root(), "large");
    byte[] bytes = new byte[3 << 20];
    new Random(5).nextBytes(bytes);
    source.write(file, 0, bytes, Stability.FILE_SYNC);
    assertThat(backup(0).newBytes()).isEqualTo(3 << 20);
    assertThat(backup(1).newBytes()).isZero();
    source.write(file, 1 << 20, new byte[] {1, 2, 3}, Stability.FILE_SYNC);
    Backup third = backup(2);
    assertThat(third.newBytes()).isEqualTo(256 << 10);
    assertThat(third.bytes()).isEqualTo(3 << 20);
    assertRestores(third, TreeText.of(source.fs()));
  }

  @Test
  void whatLaterBackupsNeedOutlivesTheirPredecessors() throws Exception {
    RandomChanges changes = new RandomChanges(source, new Random(12));
    changes.make(200);
    Backup first = backup(0);
    changes.make(50);
    Backup second = backup(1);
    Map<String, String> wanted = TreeText.of(source.fs());
    backups.delete(first.id());
    assertThat(backups.list()).containsExactly(second);
    assertRestores(second, wanted);
    backups.delete(second.id());
    try (Stream<Path> left = Files.list(directory.resolve("backups"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aBackupThatWasCutOffIsNone() throws Exception {
    Path unfinished = directory.resolve("backups/fs-1-20260101T000000.000Z.part");
    Files.createDirectories(unfinished);
    Files.writeString(unfinished.resolve("label"), "time: 2026-01-01T00:00:00Z\n");
    Files.writeString(unfinished.resolve("pack-0"), "half");
    assertThat(backups.list()).isEmpty();
    backups.clean();
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void damageIsFoundAndNotRestored() throws Exception {
    Inode file = source.file(source.fs().root(), "file");
    source.write(file, 0, new byte[10_000], Stability.FILE_SYNC);
    Backup made = backup(0);
    Path folder = directory.resolve("backups").resolve(made.id());
    byte[] pack = Files.readAllBytes(folder.resolve("pack-0"));
    pack[7_000] ^= 1;
    Files.write(folder.resolve("pack-0"), pack);
    assertThatThrownBy(() -> backups.verify(made.id())).hasMessageContaining("damaged");
    pack[7_000] ^= 1;
    Files.write(folder.resolve("pack-0"), pack);
    assertThat(backups.verify(made.id())).isPositive();
    byte[] manifest = Files.readAllBytes(folder.resolve("manifest"));
    for (int at = 0; at < manifest.length; at += 7) {
      manifest[at] ^= 4;
      Files.write(folder.resolve("manifest"), manifest);
      assertThatThrownBy(() -> backups.verify(made.id()))
          .as("byte " + at)
          .isInstanceOf(BackupException.class);
      manifest[at] ^= 4;
    }
  }

  @Test
  void whatIsRemovedWhileItIsCopiedIsInTheBackup() throws Exception {
    Inode file = source.file(source.fs().root(), "replaced");
    byte[] bytes = new byte[700_000];
    new Random(5).nextBytes(bytes);
    source.write(file, 0, bytes, Stability.FILE_SYNC);
    try (var snapshot = source.fs().snapshot()) {
      source.remove(source.fs().root(), "replaced");
      source.runBackground();
      var wanted = snapshot.node(file.ino()).orElseThrow();
      byte[] found = new byte[bytes.length];
      snapshot.copy(
          wanted,
          new tidefs.fs.ContentSink() {
            @Override
            public void begin(tidefs.fs.Node node) {}

            @Override
            public void data(long offset, java.nio.ByteBuffer part) {
              part.get(found, (int) offset, part.remaining());
            }
          });
      assertThat(found).isEqualTo(bytes);
    }
    source.runBackground();
    assertThat(source.check()).isEmpty();
  }
}
