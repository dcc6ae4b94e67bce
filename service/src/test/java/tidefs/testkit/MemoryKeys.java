package tidefs.testkit;

import java.util.Optional;
import tidefs.base.Chance;
import tidefs.server.keys.Keyring;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.LocalKeys;
import tidefs.store.crypt.SecretRoot;

/** A key store whose file is in memory. */
public final class MemoryKeys implements LocalKeys.Keeper {
  private volatile Optional<byte[]> file = Optional.empty();

  /** A keyring over a new, empty store. */
  public static Keyring keyring() {
    return new Keyring(new MemoryKeys().open(), false);
  }

  /** Opens the store. */
  public LocalKeys open() {
    SecretRoot root = SecretRoot.ofKey(new byte[DataKey.BYTES], Chance.system());
    return new LocalKeys(this, root, Chance.system());
  }

  @Override
  public Optional<byte[]> load() {
    return file;
  }

  @Override
  public void save(byte[] sealed) {
    file = Optional.of(sealed);
  }
}
