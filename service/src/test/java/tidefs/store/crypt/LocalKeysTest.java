package tidefs.store.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.store.StoreFault;

final class LocalKeysTest {
  private final Chance chance = Chance.system();
  private final DataKey key = DataKey.random(chance);
  private final File file = new File();

  private static final class File implements LocalKeys.Keeper {
    private Optional<byte[]> bytes = Optional.empty();

    @Override
    public Optional<byte[]> load() {
      return bytes;
    }

    @Override
    public void save(byte[] sealed) {
      bytes = Optional.of(sealed);
    }
  }

  private LocalKeys open(String passphrase) {
    return new LocalKeys(file, SecretRoot.ofPassphrase(passphrase, chance), chance);
  }

  @Test
  void keysOutliveTheProcessAndOpenWithTheirPassphraseAlone() throws Exception {
    LocalKeys keys = open("one");
    keys.create("k");
    byte[] wrapped = keys.wrap("arn:aws:kms:r:1:key/k", "fs-1", key);
    assertThat(open("one").unwrap("k", "fs-1", wrapped).bytes()).isEqualTo(key.bytes());
    assertThatThrownBy(() -> open("two"))
        .isInstanceOf(StoreFault.class)
        .hasMessageContaining("the passphrase is not the one");
    keys.sealWith(SecretRoot.ofPassphrase("two", chance));
    assertThat(open("two").unwrap("k", "fs-1", wrapped).bytes()).isEqualTo(key.bytes());
    file.bytes.orElseThrow()[40] ^= 1;
    assertThatThrownBy(() -> open("two")).isInstanceOf(StoreFault.class);
  }

  @Test
  void makingAKeyAgainLeavesItAsItIs() throws Exception {
    LocalKeys keys = open("one");
    keys.create("k");
    byte[] wrapped = keys.wrap("k", "fs-1", key);
    keys.create("k");
    assertThat(keys.unwrap("k", "fs-1", wrapped).bytes()).isEqualTo(key.bytes());
    keys.destroy("k");
    assertThatThrownBy(() -> keys.unwrap("k", "fs-1", wrapped)).isInstanceOf(KeyRefused.class);
    keys.create("k");
    assertThatThrownBy(() -> keys.unwrap("k", "fs-1", wrapped)).isInstanceOf(KeyRefused.class);
  }

  @Test
  void aWrappedKeyIsAFileOfThreeLines() throws Exception {
    LocalKeys keys = open("one");
    keys.create("k");
    WrappedKey wrapped = WrappedKey.wrap(keys, "k", "fs-1", DataKeys.of(key));
    assertThat(new String(wrapped.encode(), UTF_8)).startsWith("tidefs-key 1\nk\n");
    assertThat(WrappedKey.decode(wrapped.encode()).unwrap(keys, "fs-1").first().bytes())
        .isEqualTo(key.bytes());
    assertThatThrownBy(() -> WrappedKey.decode("tidefs-key 2\nk\n00\n".getBytes(UTF_8)))
        .isInstanceOf(StoreFault.class);
    assertThatThrownBy(() -> WrappedKey.decode(new byte[0])).isInstanceOf(StoreFault.class);
  }
}
