package tidefs.store.crypt;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.spec.SecretKeySpec;
import tidefs.base.Chance;
import tidefs.store.StoreFault;

/**
 * A key service of our own: keys of 256 bits in one small file, sealed as a whole with a root key.
 * A key has versions: the newest encrypts, each decrypts what it has encrypted.
 */
public final class LocalKeys implements KeyService {
  /** Keys that one store holds. */
  public static final int MOST_KEYS = 10_000;

  private static final int FORMAT = 1;
  private static final int VERSION_BYTES = Integer.BYTES;

  private final Keeper keeper;
  private final RootKey root;
  private final Chance chance;
  private final TreeMap<String, List<SecretKeySpec>> keys = new TreeMap<>();

  /** Where the sealed keys are kept. */
  public interface Keeper {
    /** What was saved last, if anything was. */
    Optional<byte[]> load();

    /** Replaces what was saved, durably, all or nothing. */
    void save(byte[] sealed);
  }

  /**
   * Opens the store.
   *
   * @throws StoreFault if the root key is not its own
   */
  public LocalKeys(Keeper keeper, RootKey root, Chance chance) {
    this.keeper = keeper;
    this.root = root;
    this.chance = chance;
    keeper.load().ifPresent(sealed -> decode(root.open(sealed)));
  }

  /** Makes a key, if it is not there. Durable on return. */
  public synchronized void create(String id) {
    if (!keys.containsKey(id)) {
      if (keys.size() >= MOST_KEYS) {
        throw new StoreFault("the key store holds as many keys as it can");
      }
      keys.put(id, List.of(random()));
      save();
    }
  }

  /** Gives a key a new version. Durable on return. */
  public synchronized void rotate(String id) throws KeyRefused {
    List<SecretKeySpec> versions = new ArrayList<>(versions(id));
    versions.add(random());
    keys.put(id, List.copyOf(versions));
    save();
  }

  /** Ends a key: what it has encrypted is lost. Durable on return. */
  public synchronized void destroy(String id) {
    if (keys.remove(id) != null) {
      save();
    }
  }

  /** Seals the store anew, with another root key. */
  public synchronized void sealWith(RootKey another) {
    keeper.save(another.seal(encode()));
  }

  /** Encrypts a few bytes under the newest version of a key; they open in this context alone. */
  public byte[] encrypt(String id, byte[] context, byte[] plain) throws KeyRefused {
    List<SecretKeySpec> versions = versions(id);
    byte[] sealed = Box.seal(versions.getLast(), label(id, context), plain, chance);
    return ByteBuffer.allocate(VERSION_BYTES + sealed.length)
        .putInt(versions.size())
        .put(sealed)
        .array();
  }

  /** Decrypts what {@link #encrypt} returned. */
  public byte[] decrypt(String id, byte[] context, byte[] encrypted) throws KeyRefused {
    List<SecretKeySpec> versions = versions(id);
    int version = encrypted.length < VERSION_BYTES ? 0 : ByteBuffer.wrap(encrypted).getInt();
    if (version < 1 || version > versions.size()) {
      throw wrong();
    }
    byte[] sealed = Arrays.copyOfRange(encrypted, VERSION_BYTES, encrypted.length);
    return Box.open(versions.get(version - 1), label(id, context), sealed)
        .orElseThrow(LocalKeys::wrong);
  }

  @Override
  public byte[] wrap(String keyId, String fileSystem, DataKey dataKey) throws KeyRefused {
    return encrypt(bare(keyId), context(fileSystem), dataKey.bytes());
  }

  @Override
  public DataKey unwrap(String keyId, String fileSystem, byte[] wrapped) throws KeyRefused {
    return DataKey.of(decrypt(bare(keyId), context(fileSystem), wrapped));
  }

  /** The id of a key that is named by id or ARN. */
  public static String bare(String keyId) {
    return keyId.substring(keyId.lastIndexOf('/') + 1);
  }

  private static byte[] context(String fileSystem) {
    return fileSystem.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] label(String id, byte[] context) {
    byte[] name = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + name.length + context.length)
        .putInt(name.length)
        .put(name)
        .put(context)
        .array();
  }

  private synchronized List<SecretKeySpec> versions(String id) throws KeyRefused {
    List<SecretKeySpec> versions = keys.get(id);
    if (versions == null) {
      throw new KeyRefused(KeyRefused.Reason.ABSENT, "the key " + id + " is not in the key store");
    }
    return versions;
  }

  private static KeyRefused wrong() {
    return new KeyRefused(
        KeyRefused.Reason.WRONG, "it was not encrypted with this key for this use, or was changed");
  }

  private SecretKeySpec random() {
    return new SecretKeySpec(DataKey.random(chance).bytes(), "AES");
  }

  private void save() {
    keeper.save(root.seal(encode()));
  }

  private byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeInt(keys.size());
      for (Map.Entry<String, List<SecretKeySpec>> key : keys.entrySet()) {
        out.writeUTF(key.getKey());
        out.writeInt(key.getValue().size());
        for (SecretKeySpec version : key.getValue()) {
          out.write(version.getEncoded());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("keys could not be encoded", e);
    }
    return bytes.toByteArray();
  }

  private void decode(byte[] plain) {
    try (var in = new DataInputStream(new ByteArrayInputStream(plain))) {
      if (in.readByte() != FORMAT) {
        throw new StoreFault("the key store was written by a newer version");
      }
      for (int rest = in.readInt(); rest > 0; rest--) {
        String id = in.readUTF();
        List<SecretKeySpec> versions = new ArrayList<>();
        for (int more = in.readInt(); more > 0; more--) {
          versions.add(new SecretKeySpec(in.readNBytes(DataKey.BYTES), "AES"));
        }
        keys.put(id, List.copyOf(versions));
      }
    } catch (IOException e) {
      throw new StoreFault("the key store is cut short", e);
    }
  }
}
