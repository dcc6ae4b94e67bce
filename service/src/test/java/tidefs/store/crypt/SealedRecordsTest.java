package tidefs.store.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.base.Invariant;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;
import tidefs.store.RecordCipher;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;
import tidefs.store.memory.MemoryJournal;

final class SealedRecordsTest {
  private static final int CLEAR = 2;

  @TempDir private Path directory;
  private final DataKey key = DataKey.random(Chance.system());
  private final RecordCipher cipher = cipher(key);

  private static RecordCipher cipher(DataKey key) {
    return new SealedRecords(key, Chance.system(), stored -> stored[0] == 'x' ? CLEAR : 99);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void aValueOpensUnderItsKeyAlone() {
    byte[] sealed = cipher.sealValue(bytes("k"), bytes("value"));
    assertThat(cipher.openValue(bytes("k"), sealed)).isEqualTo(bytes("value"));
    assertThat(cipher(key).openValue(bytes("k"), sealed)).isEqualTo(bytes("value"));
    assertThatThrownBy(() -> cipher.openValue(bytes("l"), sealed)).isInstanceOf(StoreFault.class);
    RecordCipher foreign = cipher(DataKey.random(Chance.system()));
    assertThatThrownBy(() -> foreign.openValue(bytes("k"), sealed)).isInstanceOf(StoreFault.class);
    assertThat(cipher.openValue(bytes("k"), cipher.sealValue(bytes("k"), new byte[0]))).isEmpty();
  }

  @Test
  void aBitThatChangesIsNoticedWhereverItIs() {
    byte[] sealed = cipher.sealValue(bytes("k"), bytes("value"));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> cipher.openValue(bytes("k"), changed))
          .as("bit %d", bit)
          .isInstanceOf(StoreFault.class);
    }
    assertThatThrownBy(() -> cipher.openValue(bytes("k"), Arrays.copyOf(sealed, 20)))
        .isInstanceOf(StoreFault.class);
    byte[] name = cipher.sealKey(bytes("x1name"));
    name[name.length - 1] ^= 1;
    assertThatThrownBy(() -> cipher.openKey(name)).isInstanceOf(StoreFault.class);
    assertThatThrownBy(() -> cipher.openKey(bytes("x1name"))).isInstanceOf(StoreFault.class);
  }

  @Test
  void sameValuesDifferAndSameKeysDoNot() {
    assertThat(cipher.sealValue(bytes("k"), bytes("v")))
        .isNotEqualTo(cipher.sealValue(bytes("k"), bytes("v")));
    byte[] sealed = cipher.sealKey(bytes("x1name"));
    assertThat(sealed).isEqualTo(cipher(key).sealKey(bytes("x1name")));
    assertThat(cipher.openKey(sealed)).isEqualTo(bytes("x1name"));
    assertThat(new String(sealed, UTF_8)).startsWith("x1").doesNotContain("name");
    byte[] other = cipher.sealKey(bytes("x2name"));
    assertThat(Arrays.copyOfRange(other, CLEAR, other.length))
        .isNotEqualTo(Arrays.copyOfRange(sealed, CLEAR, sealed.length));
    assertThat(cipher.sealKey(bytes("number"))).isEqualTo(bytes("number"));
  }

  @Test
  void aStoreHoldsWhatItsWriterGaveThroughReplayToo() {
    MemoryJournal.Log log = new MemoryJournal.Log();
    try (StoreResources resources = new StoreResources(8L << 20)) {
      try (MetadataStore store = open("one", log, resources)) {
        store.awaitDurable(
            store.apply(
                new Batch()
                    .put(bytes("a"), bytes("1"))
                    .put(bytes("x1long name"), bytes("2"))
                    .put(bytes("x1other"), new byte[100_000])
                    .delete(bytes("a"))
                    .delete(bytes("x1other")),
                Blocking.ALLOWED));
        holds(store);
      }
      try (MetadataStore replayed = open("one", log, resources)) {
        holds(replayed);
        try (MetadataStore.Snapshot snapshot = replayed.snapshot()) {
          assertThat(snapshot.get(bytes("x1long name"), Blocking.ALLOWED)).contains(bytes("2"));
        }
        assertThatThrownBy(() -> replayed.scan(bytes("x1l"), bytes("x2"), Blocking.ALLOWED))
            .isInstanceOf(Invariant.Broken.class);
      }
    }
  }

  private MetadataStore open(String place, MemoryJournal.Log log, StoreResources resources) {
    return MetadataStore.open(
        directory.resolve(place), new MemoryJournal(log), resources, Clock.system(), cipher);
  }

  private static void holds(MetadataStore store) {
    assertThat(store.get(bytes("a"), Blocking.ALLOWED)).isEmpty();
    try (Entries entries = store.scan(bytes("x1"), bytes("x2"), Blocking.ALLOWED)) {
      assertThat(entries.next()).isTrue();
      assertThat(entries.key()).isEqualTo(bytes("x1long name"));
      assertThat(entries.value()).isEqualTo(bytes("2"));
      assertThat(entries.next()).isFalse();
    }
  }
}
