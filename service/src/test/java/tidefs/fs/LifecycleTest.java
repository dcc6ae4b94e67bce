package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.fs.lifecycle.Rules;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

/** Files move by the rules and the clock, and by nothing else. */
final class LifecycleTest {
  private static final Rules DOCUMENTED = new Rules(30, 90, true);
  private static final int[] SIZES = {0, 1, 3_000, 4_096, 4_097, 9_000, 20_000, 150_000};
  private static final long LEAST = 128 << 10;

  @TempDir private Path directory;
  private StoreResources resources;
  private FileSystemRig rig;

  @BeforeEach
  void open() {
    resources = new StoreResources(32L << 20);
    rig = new FileSystemRig(directory, resources, 7);
  }

  @AfterEach
  void close() {
    rig.close();
    resources.close();
  }

  /** What is done to a file on one day, at noon. */
  private enum Deed {
    NOTHING,
    READ,
    LOOK,
    WRITE
  }

  /** What a file lives through, and at the end of which days it comes into which class. */
  private record Life(Deed deed, int onDay, int... moves) {
    StorageClass at(int day) {
      StorageClass now = StorageClass.STANDARD;
      for (int i = 0; i < moves.length; i += 2) {
        if (day >= moves[i]) {
          now = StorageClass.of(moves[i + 1]);
        }
      }
      return now;
    }
  }

  /** Days and classes (0 Standard, 1 Infrequent Access, 2 Archive). */
  private static final Life[] LIVES = {
    new Life(Deed.NOTHING, 0, 30, 1, 90, 2),
    new Life(Deed.READ, 10, 40, 1, 100, 2),
    new Life(Deed.READ, 35, 30, 1, 35, 0, 66, 1, 126, 2),
    new Life(Deed.LOOK, 20, 30, 1, 90, 2),
    new Life(Deed.WRITE, 20, 50, 1, 110, 2),
    new Life(Deed.WRITE, 95, 30, 1, 90, 2, 95, 0, 126, 1),
  };

  private record Entry(Inode inode, int size, Life life) {}

  @Test
  void tenThousandFilesMoveAsTheTableSays() throws FsException {
    rig.fs().lifecycle().rules(DOCUMENTED);
    List<Entry> files = new ArrayList<>();
    for (int d = 0; d < 100; d++) {
      Inode parent = rig.directory(rig.fs().root(), "d" + d);
      for (int f = 0; f < 100; f++) {
        int number = d * 100 + f;
        int size = SIZES[number % SIZES.length];
        Inode file = rig.file(parent, "f" + f);
        if (size > 0) {
          rig.write(file, 0, contents(number, size), Stability.UNSTABLE);
        }
        files.add(new Entry(file, size, LIVES[number / SIZES.length % LIVES.length]));
      }
    }
    for (int day = 0; day <= 127; day++) {
      rig.advance(Duration.ofHours(12).toNanos());
      rig.fs().maintain();
      for (Entry each : files) {
        if (each.life().onDay() == day) {
          perform(each);
        }
      }
      rig.advance(Duration.ofHours(12).toNanos());
      rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);
      rig.runBackground();
      if (day % 10 == 9 || List.of(29, 30, 35, 36, 40, 50, 66, 90, 126).contains(day)) {
        checkTable(files, day);
      }
    }
    for (int number = 0; number < files.size(); number++) {
      Entry each = files.get(number);
      byte[] expected = contents(number, each.size());
      assertThat(rig.read(each.inode(), 0, each.size())).isEqualTo(expected);
    }
    assertThat(rig.fs().lifecycle().status().failures()).isZero();
    assertThat(rig.check()).isEmpty();
  }

  private static byte[] contents(int number, int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) number);
    return bytes;
  }

  private void perform(Entry file) throws FsException {
    switch (file.life().deed()) {
      case NOTHING -> {}
      case READ -> assertThat(rig.read(file.inode(), 0, 16)).hasSize(Math.min(16, file.size()));
      case LOOK ->
          rig.fs()
              .setAttributes(FileSystemRig.root(), file.inode(), FileSystemRig.mode(0600), false);
      case WRITE -> {
        if (file.size() > 0) {
          byte[] same = rig.read(file.inode(), file.size() - 1, 1);
          rig.write(file.inode(), file.size() - 1, same, Stability.UNSTABLE);
        }
      }
    }
  }

  /** File by file, and what is metered by a recount. */
  private void checkTable(List<Entry> files, int day) throws FsException {
    long standard = 0;
    long[] bytes = new long[3];
    long[] overhead = new long[3];
    for (int number = 0; number < files.size(); number++) {
      Entry each = files.get(number);
      StorageClass expected = each.size() == 0 ? StorageClass.STANDARD : each.life().at(day);
      assertThat(rig.fs().lifecycle().storageClass(each.inode()))
          .as("day %d file %d of %d bytes %s", day, number, each.size(), each.life())
          .isEqualTo(expected);
      long space = rig.attributes(each.inode()).spaceUsed();
      if (expected == StorageClass.STANDARD) {
        standard += space;
      } else {
        bytes[expected.code()] += space;
        overhead[expected.code()] += Math.max(0, LEAST - space);
      }
    }
    Usage usage = rig.fs().usage();
    long inodes = usage.inodes() * 2_048;
    long directories = rig.attributes(rig.fs().root()).spaceUsed();
    for (int d = 0; d < 100; d++) {
      directories += rig.attributes(rig.lookup(rig.fs().root(), "d" + d)).spaceUsed();
    }
    assertThat(usage.standardBytes()).isEqualTo(standard + inodes + directories);
    assertThat(usage.infrequentAccess()).isEqualTo(new Usage.Cold(bytes[1], overhead[1]));
    assertThat(usage.archive()).isEqualTo(new Usage.Cold(bytes[2], overhead[2]));
  }

  @Test
  void whatIsWrittenToAColdFileStaysInStandardForADay() throws FsException {
    rig.fs().lifecycle().rules(new Rules(30, 0, false));
    Inode file = rig.file(rig.fs().root(), "f");
    byte[] bytes = new byte[9 << 20];
    Arrays.fill(bytes, (byte) 5);
    rig.write(file, 0, bytes, Stability.UNSTABLE);
    rig.commit(file);
    rig.fs().lifecycle().move(file, StorageClass.INFREQUENT_ACCESS, Pace.UNLIMITED);
    rig.runBackground();
    assertThat(rig.cold(StorageClass.INFREQUENT_ACCESS).count()).isEqualTo(3);
    long before = rig.fs().usage().standardBytes();

    rig.write(file, 5 << 20, new byte[] {6}, Stability.UNSTABLE);
    rig.commit(file);
    assertThat(rig.fs().usage().standardBytes() - before).isEqualTo(4 << 20);
    rig.advance(Duration.ofHours(23).toNanos());
    rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);
    assertThat(rig.fs().usage().standardBytes() - before).isEqualTo(4 << 20);
    rig.advance(Duration.ofHours(3).toNanos());
    rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);
    rig.runBackground();

    assertThat(rig.fs().usage().standardBytes()).isEqualTo(before);
    assertThat(rig.read(file, (5 << 20) - 1, 3)).containsExactly(5, 6, 5);
    assertThat(rig.check()).isEmpty();
  }

  @Test
  void withoutRulesNothingIsNotedAndNothingMoves() throws FsException {
    Inode file = rig.file(rig.fs().root(), "f");
    rig.write(file, 0, new byte[100], Stability.FILE_SYNC);
    rig.advance(Duration.ofDays(400).toNanos());
    rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);

    assertThat(file.state().layout().tier()).isSameAs(Tier.NONE);
  }

  @Test
  void filesFromBeforeThereWereRulesAreTakenUp() throws FsException {
    Inode file = rig.file(rig.fs().root(), "f");
    rig.write(file, 0, new byte[100], Stability.FILE_SYNC);
    rig.advance(Duration.ofDays(31).toNanos());
    rig.fs().lifecycle().rules(DOCUMENTED);
    rig.kill();
    rig.fs().lifecycle().rules(DOCUMENTED);
    rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);

    Inode again = rig.lookup(rig.fs().root(), "f");
    assertThat(rig.fs().lifecycle().storageClass(again)).isEqualTo(StorageClass.INFREQUENT_ACCESS);
  }

  @Test
  void aPlanTellsWhatARoundWouldMove() throws FsException {
    rig.fs().lifecycle().rules(DOCUMENTED);
    for (int i = 0; i < 3; i++) {
      rig.write(rig.file(rig.fs().root(), "f" + i), 0, new byte[10_000], Stability.FILE_SYNC);
    }
    rig.advance(Duration.ofDays(31).toNanos());
    rig.fs().maintain();

    Lifecycle.Plan plan = rig.fs().lifecycle().plan();
    assertThat(plan.moves())
        .containsEntry(StorageClass.INFREQUENT_ACCESS, new Lifecycle.Count(3, 3 * 12_288))
        .containsEntry(StorageClass.ARCHIVE, new Lifecycle.Count(0, 0));
    assertThat(plan.freedBytes()).isEqualTo(3 * 12_288);
    assertThat(rig.cold(StorageClass.INFREQUENT_ACCESS).count()).isZero();
  }

  @Test
  void aPlaceThatIsAwayFailsReadsAndNothingElse() throws FsException {
    rig.fs().lifecycle().rules(new Rules(30, 0, false));
    Inode cold = rig.file(rig.fs().root(), "cold");
    rig.write(cold, 0, new byte[10_000], Stability.FILE_SYNC);
    rig.fs().lifecycle().move(cold, StorageClass.INFREQUENT_ACCESS, Pace.UNLIMITED);
    Inode hot = rig.file(rig.fs().root(), "hot");
    rig.write(hot, 0, new byte[10_000], Stability.FILE_SYNC);
    rig.advance(Duration.ofDays(31).toNanos());
    rig.cold(StorageClass.INFREQUENT_ACCESS).away(true);

    assertThatThrownBy(() -> rig.read(cold, 0, 10)).hasCauseInstanceOf(StoreFault.class);
    rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);
    assertThat(rig.fs().lifecycle().status().failures()).isPositive();
    assertThat(rig.read(hot, 0, 10)).hasSize(10);
    rig.cold(StorageClass.INFREQUENT_ACCESS).away(false);
    rig.runBackground();
    rig.advance(Duration.ofDays(31).toNanos());
    rig.fs().lifecycle().run(Lifecycle.Work.AT_ONCE);
    rig.runBackground();

    assertThat(rig.fs().lifecycle().storageClass(hot)).isEqualTo(StorageClass.INFREQUENT_ACCESS);
    assertThat(rig.read(cold, 0, 10)).hasSize(10);
    assertThat(rig.check()).isEmpty();
    assertThat(rig.cold(StorageClass.INFREQUENT_ACCESS).count()).isEqualTo(2);
  }

  @Test
  void theScrubTellsOfChunksThatCannotBeRead() throws FsException {
    Inode file = rig.file(rig.fs().root(), "f");
    rig.write(file, 0, new byte[9 << 20], Stability.FILE_SYNC);
    rig.fs().lifecycle().move(file, StorageClass.ARCHIVE, Pace.UNLIMITED);
    rig.cold(StorageClass.ARCHIVE).chunks().keySet().removeIf(chunk -> chunk.index() == 1);

    List<Lifecycle.Damage> damages = new ArrayList<>();
    rig.fs().lifecycle().scrub(Lifecycle.Work.AT_ONCE, damages::add);
    assertThat(damages)
        .containsExactly(
            new Lifecycle.Damage(file.ino(), 1, StorageClass.ARCHIVE, "a chunk is missing"));
    assertThat(rig.read(file, 0, 4 << 20)).hasSize(4 << 20);
    assertThatThrownBy(() -> rig.read(file, 4 << 20, 10))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StoreFault.class);
  }
}
