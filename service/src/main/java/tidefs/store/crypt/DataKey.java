package tidefs.store.crypt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tidefs.base.Chance;

/**
 * The key of one file system, of {@value #BYTES} random bytes. It encrypts nothing itself: each use
 * has a key of its own, derived by HKDF-SHA-256 (RFC 5869) from this one and a label.
 */
public final class DataKey {
  /** Bytes of the key, and of each derived from it. */
  public static final int BYTES = 32;

  private final SecretKeySpec key;

  private DataKey(SecretKeySpec key) {
    this.key = key;
  }

  /** The key of these bytes, which are copied. */
  public static DataKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a data key has " + BYTES + " bytes");
    }
    return new DataKey(new SecretKeySpec(bytes, "HKDF"));
  }

  /** A key nobody has had. */
  public static DataKey random(Chance chance) {
    byte[] bytes = new byte[BYTES];
    chance.fill(bytes);
    DataKey key = of(bytes);
    Arrays.fill(bytes, (byte) 0);
    return key;
  }

  /** A copy of the bytes, for the key that wraps this one. Clear them soon. */
  public byte[] bytes() {
    return key.getEncoded();
  }

  /** The cipher of contents, for one thread. */
  BlockCipher contents() {
    return new BlockCipher(derive("contents", NOTHING), derive("contents tweak", NOTHING));
  }

  private static final byte[] NOTHING = {};

  /** A key for AES or HMAC with SHA-256, made for {@code label} and {@code salt} alone. */
  SecretKeySpec derive(String label, byte[] salt) {
    try {
      byte[] derived =
          KDF.getInstance("HKDF-SHA256")
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addIKM(key)
                      .addSalt(salt)
                      .thenExpand(("tidefs " + label).getBytes(StandardCharsets.US_ASCII), BYTES));
      return new SecretKeySpec(derived, "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 25 has HKDF", e);
    }
  }
}
