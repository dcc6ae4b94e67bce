package tidefs.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.base.Clock;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;
import tidefs.testkit.RandomChanges;
import tidefs.testkit.TreeText;

/** Random changes at a source, rounds that are cut off anywhere, and processes that are killed. */
final class ReplicationModelTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theDestinationBecomesTheSourceWhateverIsCutOff(long seed) throws Exception {
    Random random = new Random(seed);
    try (StoreResources resources = new StoreResources(16 << 20);
        FileSystemRig source = rig("source", resources, seed);
        FileSystemRig copy = rig("copy", resources, seed + 100)) {
      RandomChanges changes = new RandomChanges(source, random);
      boolean everything = true;
      for (int step = 0; step < 20; step++) {
        changes.make(1 + random.nextInt(30));
        if (random.nextInt(6) == 0) {
          source.kill();
          changes.forget();
        }
        int calls = random.nextInt(3) == 0 ? 1 + random.nextInt(12) : Integer.MAX_VALUE;
        boolean killed = calls < Integer.MAX_VALUE && random.nextBoolean();
        try {
          sender(source, copy, calls).round(everything);
          everything = false;
        } catch (Diverged e) {
          everything = true;
        } catch (IOException e) {
          assertThat(e).hasMessage("cut off");
        }
        if (killed) {
          copy.kill();
          assertThat(copy.check()).as("whole after a kill, seed " + seed).isEmpty();
          copy.kill();
        }
      }
      try {
        sender(source, copy, Integer.MAX_VALUE).round(everything);
      } catch (Diverged e) {
        sender(source, copy, Integer.MAX_VALUE).round(true);
      }
      assertSame(source, copy);
      assertThat(copy.check()).isEmpty();
      assertThat(source.check()).isEmpty();
    }
  }

  @Test
  void aDestinationThatWasAFileSystemOfItsOwnGoesBack() throws Exception {
    try (StoreResources resources = new StoreResources(16 << 20);
        FileSystemRig first = rig("first", resources, 1);
        FileSystemRig second = rig("second", resources, 2)) {
      RandomChanges before = new RandomChanges(first, new Random(3));
      before.make(300);
      sender(first, second, Integer.MAX_VALUE).round(true);
      new Receiver(second::fs, () -> {}).release();
      first.fs().keepChanges(false);
      before.make(100); // Lost by going back.
      new RandomChanges(second, new Random(4)).make(200);
      Round back = sender(second, first, Integer.MAX_VALUE).round(true);
      assertSame(second, first);
      assertThat(back.files()).isLessThan(back.inodes());
      assertThat(first.check()).isEmpty();
    }
  }

  private static void assertSame(FileSystemRig source, FileSystemRig copy) {
    Map<String, String> wanted = TreeText.of(source.fs());
    Map<String, String> found = TreeText.of(copy.fs());
    assertThat(found.keySet()).isEqualTo(wanted.keySet());
    wanted.forEach((path, line) -> assertThat(found.get(path)).as(path).isEqualTo(line));
  }

  private FileSystemRig rig(String name, StoreResources resources, long seed) throws IOException {
    return new FileSystemRig(Files.createDirectory(directory.resolve(name)), resources, seed);
  }

  /** A sender whose link breaks after some calls. */
  private static Sender sender(FileSystemRig source, FileSystemRig copy, int calls) {
    Receiver receiver =
        new Receiver(
            copy::fs,
            () -> {
              throw new AssertionError("a copy is never reset");
            });
    int[] left = {calls};
    Link link =
        messages -> {
          if (left[0]-- == 0) {
            throw new IOException("cut off");
          }
          try {
            return receiver.handle(messages);
          } catch (Receiver.Refused e) {
            throw new IOException(e.getMessage(), e);
          }
        };
    return new Sender(source.fs(), "fs-1", link, Clock.system(), new Random(9)::nextBytes);
  }
}
