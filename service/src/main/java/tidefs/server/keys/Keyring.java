package tidefs.server.keys;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tidefs.control.KeyMaterial;
import tidefs.control.KmsKeys;
import tidefs.control.NetworkRefusal;
import tidefs.store.StoreFault;
import tidefs.store.crypt.DataKey;
import tidefs.store.crypt.KeyRefused;
import tidefs.store.crypt.KeyService;
import tidefs.store.crypt.LocalKeys;

/**
 * The keys of this server's own KMS: their bytes, under the states that the control plane gives
 * them. Before it is known, states do not count.
 */
public final class Keyring implements KeyService, KeyMaterial {
  private final LocalKeys keys;
  private final boolean elsewhere;
  private volatile @Nullable KmsKeys states;
  private volatile Runnable rewrap = () -> {};

  /**
   * A keyring.
   *
   * @param elsewhere whether file systems are encrypted by another service
   */
  public Keyring(LocalKeys keys, boolean elsewhere) {
    this.keys = keys;
    this.elsewhere = elsewhere;
  }

  /** Has states asked for here from now on. */
  public void judgeBy(KmsKeys newStates) {
    states = newStates;
  }

  /** What to do when a key has new bytes. */
  public void whenRotated(Runnable action) {
    rewrap = action;
  }

  @Override
  public boolean elsewhere() {
    return elsewhere;
  }

  @Override
  public void create(String keyId) {
    keys.create(keyId);
  }

  @Override
  public void rotate(String keyId) {
    try {
      keys.rotate(keyId);
    } catch (KeyRefused e) {
      throw new StoreFault("the key store does not hold a key of the control plane", e);
    }
    rewrap.run();
  }

  @Override
  public void destroy(String keyId) {
    keys.destroy(keyId);
  }

  @Override
  public byte[] encrypt(String keyId, byte[] context, byte[] plain) {
    try {
      return keys.encrypt(keyId, context, plain);
    } catch (KeyRefused e) {
      throw new StoreFault("the key store does not hold a key of the control plane", e);
    }
  }

  @Override
  public Optional<byte[]> decrypt(String keyId, byte[] context, byte[] encrypted) {
    try {
      return Optional.of(keys.decrypt(keyId, context, encrypted));
    } catch (KeyRefused e) {
      return Optional.empty();
    }
  }

  @Override
  public byte[] wrap(String keyId, String fileSystem, DataKey dataKey) throws KeyRefused {
    check(keyId);
    return keys.wrap(keyId, fileSystem, dataKey);
  }

  @Override
  public DataKey unwrap(String keyId, String fileSystem, byte[] wrapped) throws KeyRefused {
    check(keyId);
    return keys.unwrap(keyId, fileSystem, wrapped);
  }

  private void check(String keyId) throws KeyRefused {
    KmsKeys judge = states;
    if (judge == null) {
      return;
    }
    try {
      judge.usable(keyId);
    } catch (NetworkRefusal e) {
      boolean gone = e.code().equals("NotFoundException");
      throw new KeyRefused(
          gone ? KeyRefused.Reason.ABSENT : KeyRefused.Reason.UNUSABLE, e.message());
    }
  }
}
