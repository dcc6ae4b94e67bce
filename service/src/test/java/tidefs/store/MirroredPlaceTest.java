package tidefs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Objects in two places, one of which goes away and comes back. */
final class MirroredPlaceTest {
  private final Memory near = new Memory();
  private final Memory far = new Memory();
  private final MirroredPlace mirrored = new MirroredPlace(List.of(near, far));

  private static final class Memory implements ObjectPlace {
    final TreeMap<String, byte[]> objects = new TreeMap<>();
    boolean away;
    int reads;

    private void check() {
      if (away) {
        throw new StoreFault("the place is away");
      }
    }

    @Override
    public void put(String name, byte[] bytes) {
      check();
      objects.put(name, bytes.clone());
    }

    @Override
    public Optional<byte[]> get(String name) {
      check();
      reads++;
      return Optional.ofNullable(objects.get(name));
    }

    @Override
    public void sync(Collection<String> names) {
      check();
    }

    @Override
    public void remove(String name) {
      check();
      objects.remove(name);
    }

    @Override
    public List<String> list(String prefix, String after) {
      check();
      List<String> names = new ArrayList<>(objects.tailMap(after, false).keySet());
      names.removeIf(name -> !name.startsWith(prefix));
      return names;
    }

    @Override
    public void close() {}
  }

  @Test
  void whatIsWrittenIsInBothAndReadFromTheNearest() {
    mirrored.put("a", new byte[] {1});

    assertThat(near.objects).containsOnlyKeys("a");
    assertThat(far.objects).containsOnlyKeys("a");
    assertThat(mirrored.get("a")).isPresent();
    assertThat(far.reads).isZero();
  }

  @Test
  void aPlaceThatWasAwayIsRepaired() {
    mirrored.put("old", new byte[] {1});
    near.away = true;
    mirrored.put("new", new byte[] {2});
    mirrored.remove("old");
    assertThat(mirrored.get("new")).isPresent();
    mirrored.repair();
    near.away = false;
    mirrored.repair();

    assertThat(near.objects).containsOnlyKeys("new");
    assertThat(far.objects).containsOnlyKeys("new");
  }

  @Test
  void anotherProcessRepairsWhatThisOneNoted() {
    far.away = true;
    mirrored.put("new", new byte[] {2});
    far.away = false;
    new MirroredPlace(List.of(near, far)).repair();

    assertThat(far.objects).containsOnlyKeys("new");
    assertThat(near.objects).containsOnlyKeys("new");
  }

  /** Makes of bytes what they say if they end with a nine, as damaged ones do not. */
  private static int sound(byte[] bytes) {
    if (bytes[bytes.length - 1] != 9) {
      throw new StoreFault("damaged");
    }
    return bytes[0];
  }

  @Test
  void aDamagedCopyIsNotReadIfThereIsAnother() {
    mirrored.put("a", new byte[] {1, 9});
    near.objects.put("a", new byte[] {2, 0});

    assertThat(mirrored.get("a", MirroredPlaceTest::sound)).contains(1);
    far.objects.put("a", new byte[] {3, 0});
    assertThatThrownBy(() -> mirrored.get("a", MirroredPlaceTest::sound))
        .isInstanceOf(StoreFault.class);
  }

  @Test
  void allCopiesAreCheckedAndWhatIsWrongIsReplaced() {
    mirrored.put("a", new byte[] {1, 9});
    mirrored.put("b", new byte[] {2, 9});
    mirrored.put("c", new byte[] {3, 9});
    far.objects.put("a", new byte[] {1, 8});
    near.objects.remove("b");

    assertThat(mirrored.mend("a", MirroredPlaceTest::sound)).isEqualTo(1);
    assertThat(mirrored.mend("b", MirroredPlaceTest::sound)).isEqualTo(1);
    assertThat(mirrored.mend("c", MirroredPlaceTest::sound)).isZero();
    assertThat(far.objects.get("a")).containsExactly(1, 9);
    assertThat(near.objects.get("b")).containsExactly(2, 9);
    near.objects.put("c", new byte[] {3, 0});
    far.objects.put("c", new byte[] {3, 0});
    assertThatThrownBy(() -> mirrored.mend("c", MirroredPlaceTest::sound))
        .isInstanceOf(StoreFault.class);
    assertThatThrownBy(() -> mirrored.mend("d", MirroredPlaceTest::sound))
        .isInstanceOf(StoreFault.class);
  }

  @Test
  void aPlaceThatIsAwayIsNotChecked() {
    mirrored.put("a", new byte[] {1, 9});
    far.away = true;

    assertThat(mirrored.mend("a", MirroredPlaceTest::sound)).isZero();
    near.objects.put("a", new byte[] {1, 0});
    assertThatThrownBy(() -> mirrored.mend("a", MirroredPlaceTest::sound))
        .isInstanceOf(StoreFault.class);
  }

  @Test
  void withoutAnyPlaceNothingIsAnswered() {
    mirrored.put("a", new byte[] {1});
    near.away = true;
    far.away = true;

    assertThatThrownBy(() -> mirrored.get("a")).isInstanceOf(StoreFault.class);
    assertThatThrownBy(() -> mirrored.put("b", new byte[1])).isInstanceOf(StoreFault.class);
  }
}
