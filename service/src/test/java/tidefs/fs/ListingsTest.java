package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.testkit.FileSystemRig.name;
import static tidefs.testkit.FileSystemRig.root;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;

final class ListingsTest {
  private static final InodeState STATE = state();

  private static InodeState state() {
    Time now = new Time(0, 0);
    Attributes attributes =
        new Attributes(7, FileType.DIRECTORY, 0, 0, 0, 2, 0, 0, 0, now, now, now, now, Device.NONE);
    return new InodeState(attributes, 1, 0, 0, FileLayout.NONE, InodeState.NO_DATA, 0, 1);
  }

  private static Listings.Stretch stretch(long from, int count, boolean toEnd) {
    Listings.Stretch stretch = new Listings.Stretch(from);
    for (int i = 1; i <= count; i++) {
      stretch.add(from + i, new DirectoryEntry(i, FileType.REGULAR, false, name("n" + i)));
    }
    if (toEnd) {
      stretch.endsDirectory();
    }
    return stretch;
  }

  @Test
  void aStretchTellsOnlyWhatLiesWithinIt() {
    Listings listings = new Listings(1 << 20);
    Listings.Stretch first = stretch(0, 100, false);
    Listings.Stretch last = stretch(100, 10, true);
    listings.remember(7, STATE, first);
    listings.remember(7, STATE, last);
    assertThat(listings.find(7, STATE, 0)).isSameAs(first);
    assertThat(listings.find(7, STATE, 99)).isSameAs(first);
    assertThat(first.after(99)).isEqualTo(99);
    assertThat(listings.find(7, STATE, 100)).isSameAs(last);
    assertThat(listings.find(7, STATE, 1_000)).isSameAs(last);
    assertThat(last.after(1_000)).isEqualTo(last.count());
    assertThat(listings.find(8, STATE, 0)).isNull();
    assertThat(listings.find(7, STATE.at(2), 0)).isNull();
  }

  @Test
  void whatIsRememberedStaysWithinItsBound() {
    Listings listings = new Listings(300 * 100);
    for (long directory = 1; directory <= 10; directory++) {
      listings.remember(directory, STATE, stretch(0, 100, true));
    }
    assertThat(listings.find(10, STATE, 0)).isNotNull();
    assertThat(listings.find(1, STATE, 0)).isNull();
    listings.remember(10, STATE, stretch(1_000, 4_000, true));
    assertThat(listings.find(10, STATE, 1_500)).isNull();
  }

  @Test
  void aListingFollowsEveryChange(@TempDir Path directory) throws FsException {
    try (StoreResources resources = new StoreResources(32L << 20);
        FileSystemRig rig = new FileSystemRig(directory, resources, 1)) {
      long seed = 42;
      Random chance = new Random(seed);
      Set<String> names = new TreeSet<>();
      Inode top = rig.fs().root();
      for (int step = 0; step < 600; step++) {
        String name = "f" + chance.nextInt(300);
        String other = "f" + chance.nextInt(300);
        if (names.add(name)) {
          rig.file(top, name);
        } else if (names.contains(other)) {
          rig.remove(top, name);
          names.remove(name);
        } else {
          var _ = rig.fs().rename(root(), top, name(name), top, name(other));
          names.remove(name);
          names.add(other);
        }
        for (int repeat = 0; repeat < 2; repeat++) {
          assertThat(listed(rig, top, 1 + chance.nextInt(50)))
              .as("step %d, seed %d", step, seed)
              .isEqualTo(names);
        }
      }
      assertThat(rig.check()).isEmpty();
    }
  }

  /** All names of a directory, listed by pages of {@code pageEntries}. */
  private static Set<String> listed(FileSystemRig rig, Inode directory, int pageEntries)
      throws FsException {
    TreeMap<Long, String> names = new TreeMap<>();
    boolean end = false;
    while (!end) {
      int[] taken = new int[1];
      long after = names.isEmpty() ? 0 : names.lastKey();
      end =
          rig.fs()
              .list(
                  root(),
                  directory,
                  after,
                  (cookie, name, ino, attributes) -> {
                    if (taken[0]++ == pageEntries) {
                      return false;
                    }
                    names.put(cookie, new String(name, StandardCharsets.UTF_8));
                    return true;
                  });
    }
    return new TreeSet<>(names.values());
  }
}
