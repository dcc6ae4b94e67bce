package tidefs.server;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import tidefs.base.Blocking;
import tidefs.iam.identity.IdentityStore;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;

/** The users, kept beside the resources of the API: one entry each, its key a byte and the name. */
final class SystemIdentities implements IdentityStore {
  /** The byte that the keys of users begin with; those of resources are less. */
  static final byte TABLE = (byte) 0xf0;

  private static final byte[] FIRST = {TABLE};
  private static final byte[] LAST = {(byte) 0xf1};

  private final MetadataStore store;

  SystemIdentities(MetadataStore store) {
    this.store = store;
  }

  @Override
  public void load(BiConsumer<String, byte[]> user) {
    try (Entries entries = store.scan(FIRST, LAST, Blocking.ALLOWED)) {
      while (entries.next()) {
        byte[] key = entries.key();
        user.accept(new String(key, 1, key.length - 1, StandardCharsets.UTF_8), entries.value());
      }
    }
  }

  @Override
  public void put(String name, byte[] user) {
    apply(new Batch().put(key(name), user));
  }

  @Override
  public void remove(String name) {
    apply(new Batch().delete(key(name)));
  }

  private void apply(Batch batch) {
    store.awaitDurable(store.apply(batch, Blocking.ALLOWED));
  }

  private static byte[] key(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[text.length + 1];
    key[0] = TABLE;
    System.arraycopy(text, 0, key, 1, text.length);
    return key;
  }
}
