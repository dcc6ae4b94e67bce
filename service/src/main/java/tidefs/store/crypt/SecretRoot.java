package tidefs.store.crypt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import tidefs.base.Chance;
import tidefs.store.StoreFault;

/**
 * A root key that is known as bytes: random ones of a key file, or a passphrase, which Argon2id
 * (RFC 9106) stretches. The salt precedes what is sealed.
 */
public final class SecretRoot implements RootKey {
  private static final int SALT_BYTES = 16;
  private static final int ARGON2_MEMORY_KIB = 64 << 10;
  private static final int ARGON2_PASSES = 3;
  private static final byte[] LABEL = "tidefs key store".getBytes(StandardCharsets.US_ASCII);

  private final byte[] secret;
  private final boolean stretches;
  private final Chance chance;

  private SecretRoot(byte[] secret, boolean stretches, Chance chance) {
    this.secret = secret;
    this.stretches = stretches;
    this.chance = chance;
  }

  /** The root key of a key file: {@value DataKey#BYTES} random bytes. */
  public static SecretRoot ofKey(byte[] key, Chance chance) {
    return new SecretRoot(DataKey.of(key).bytes(), false, chance);
  }

  /** The root key of a passphrase, which is not empty. */
  public static SecretRoot ofPassphrase(String passphrase, Chance chance) {
    if (passphrase.isEmpty()) {
      throw new IllegalArgumentException("the passphrase is empty");
    }
    return new SecretRoot(passphrase.getBytes(StandardCharsets.UTF_8), true, chance);
  }

  @Override
  public byte[] seal(byte[] keys) {
    byte[] salt = new byte[SALT_BYTES];
    chance.fill(salt);
    byte[] sealed = Box.seal(key(salt), LABEL, keys, chance);
    byte[] all = Arrays.copyOf(salt, SALT_BYTES + sealed.length);
    System.arraycopy(sealed, 0, all, SALT_BYTES, sealed.length);
    return all;
  }

  @Override
  public byte[] open(byte[] sealed) {
    byte[] salt = Arrays.copyOf(sealed, SALT_BYTES);
    byte[] rest = sealed.length < SALT_BYTES ? sealed : tail(sealed);
    return Box.open(key(salt), LABEL, rest)
        .orElseThrow(() ->
            new StoreFault(
                stretches
                    ? "the passphrase is not the one of the key store, or the store is damaged"
                    : "the root key is not the one of the key store, or the store is damaged"));
  }

  private static byte[] tail(byte[] sealed) {
    return Arrays.copyOfRange(sealed, SALT_BYTES, sealed.length);
  }

  private SecretKeySpec key(byte[] salt) {
    if (!stretches) {
      return DataKey.of(secret).derive("key store", salt);
    }
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withSalt(salt)
            .withMemoryAsKB(ARGON2_MEMORY_KIB)
            .withIterations(ARGON2_PASSES)
            .withParallelism(1)
            .build());
    byte[] key = new byte[DataKey.BYTES];
    argon2.generateBytes(secret, key);
    return new SecretKeySpec(key, "AES");
  }
}
