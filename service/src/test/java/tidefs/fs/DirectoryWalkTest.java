package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static tidefs.testkit.FileSystemRig.root;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.WouldBlock;
import tidefs.store.StoreResources;
import tidefs.store.crypt.DataKey;
import tidefs.testkit.FileSystemRig;

/** Listings that go over several groups and stretches, with inodes in memory and in the store. */
final class DirectoryWalkTest {
  private static final int FILES = 5_000;

  @TempDir private Path directory;
  private final StoreResources resources = new StoreResources(32L << 20);
  private FileSystemRig rig;

  @BeforeEach
  void open() {
    rig = new FileSystemRig(directory, resources, 1);
  }

  @AfterEach
  void close() {
    rig.close();
    resources.close();
  }

  private Inode filled(int files) throws FsException {
    Inode top = rig.fs().root();
    for (int i = 0; i < files; i++) {
      rig.file(top, "f" + i);
    }
    return top;
  }

  /** What one call lists: the names and, of each, the inode and the size. */
  private static final class Page implements EntrySink {
    private final int most;
    private final TreeMap<Long, String> names = new TreeMap<>();
    private final Map<String, Attributes> attributes = new TreeMap<>();

    Page(int most) {
      this.most = most;
    }

    @Override
    public boolean entry(long cookie, byte[] name, long inode, Attributes its) {
      if (names.size() == most) {
        return false;
      }
      String text = new String(name, StandardCharsets.UTF_8);
      assertThat(its.ino()).isEqualTo(inode);
      assertThat(names.put(cookie, text)).isNull();
      assertThat(attributes.put(text, its)).isNull();
      return true;
    }
  }

  private static Set<String> names(int from, int to) {
    Set<String> names = new HashSet<>();
    for (int i = from; i < to; i++) {
      names.add("f" + i);
    }
    return names;
  }

  @Test
  void onePageMayHoldMoreThanAStretch() throws FsException {
    Inode top = filled(FILES);
    for (int repeat = 0; repeat < 2; repeat++) {
      Page all = new Page(Integer.MAX_VALUE);
      assertThat(rig.fs().list(root(), top, 0, all)).isTrue();
      assertThat(all.attributes.keySet()).isEqualTo(names(0, FILES));
    }
    assertThat(rig.fs().list(root(), top, 0, new Page(FILES))).isTrue();
    assertThat(rig.fs().list(root(), top, 0, new Page(FILES - 1))).isFalse();
  }

  @Test
  void attributesAreThoseOfNowWhereverTheInodesAre() throws FsException {
    assertAttributesAreThoseOfNow();
  }

  @Test
  void attributesOfAnEncryptedFileSystemAreThoseOfNow() throws FsException {
    rig.close();
    DataKey key = DataKey.random(Chance.system());
    rig = new FileSystemRig(directory.resolve("encrypted"), resources, 1, Optional.of(key));
    assertAttributesAreThoseOfNow();
  }

  private void assertAttributesAreThoseOfNow() throws FsException {
    Inode top = filled(1_000);
    rig.restart();
    top = rig.fs().root();
    List<Inode> held = new ArrayList<>();
    for (int i = 0; i < 1_000; i += 3) {
      Inode file = rig.lookup(top, "f" + i);
      rig.truncate(file, i);
      held.add(file);
    }
    for (int repeat = 0; repeat < 2; repeat++) { // From the store, and as it is remembered.
      Page all = new Page(Integer.MAX_VALUE);
      assertThat(rig.fs().list(root(), top, 0, all)).isTrue();
      assertThat(all.attributes).hasSize(1_000);
      for (int i = 0; i < 1_000; i++) {
        assertThat(all.attributes.get("f" + i).size()).isEqualTo(i % 3 == 0 ? i : 0);
      }
    }
    assertThat(held).hasSize(334);
  }

  @Test
  void anAnswerThatShowsAChangeDependsOnIt() throws FsException {
    Inode top = filled(100);
    Operation change = root();
    Inode file = rig.lookup(top, "f50");
    Attributes _ = rig.fs().setAttributes(change, file, FileSystemRig.mode(0600), false);
    Operation listing = root();
    assertThat(rig.fs().list(listing, top, 0, new Page(Integer.MAX_VALUE))).isTrue();
    assertThat(change.dependsOn()).isPositive();
    assertThat(listing.dependsOn()).isGreaterThanOrEqualTo(change.dependsOn());
  }

  @Test
  void whatIsThereAllTheTimeIsListedOnceThoughOthersComeAndGo() throws FsException {
    long seed = 7;
    Random random = new Random(seed);
    Inode top = filled(FILES);
    rig.restart(); // Most inodes are in the store alone.
    top = rig.fs().root();
    Set<String> stays = names(0, FILES / 2);
    TreeMap<Long, String> listed = new TreeMap<>();
    int gone = FILES / 2;
    boolean end = false;
    while (!end) {
      int most = 1 + random.nextInt(300);
      Page page = new Page(most);
      long after = listed.isEmpty() ? 0 : listed.lastKey();
      try {
        end = rig.fs().list(new Operation(Credentials.ROOT, Blocking.FORBIDDEN), top, after, page);
      } catch (WouldBlock e) {
        page = new Page(most);
        end = rig.fs().list(root(), top, after, page);
      }
      page.names.forEach((cookie, name) -> assertThat(listed.put(cookie, name)).isNull());
      for (int i = 0; i < 20 && gone < FILES; i++) {
        rig.remove(top, "f" + gone++);
        rig.file(top, "new" + gone);
      }
    }
    assertThat(listed.values()).as("seed %d", seed).doesNotHaveDuplicates().containsAll(stays);
    Page last = new Page(Integer.MAX_VALUE);
    assertThat(rig.fs().list(root(), top, 0, last)).isTrue();
    assertThat(last.attributes).hasSize(FILES).containsKeys("new" + gone);
    assertThat(last.attributes.keySet()).doesNotContain("f" + (gone - 1));
    assertThat(rig.check()).isEmpty();
  }
}
