package tidefs.iam.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tidefs.base.Chance;

/**
 * Encrypts what must be known again but not read from the disk: AES-256-GCM under one key. Each
 * sealed text is bound to a label, under which alone it opens.
 */
public final class Seal {
  /** Bytes of the key. */
  public static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final Chance chance;

  /** A seal with a key of {@value #KEY_BYTES} bytes. */
  public Seal(byte[] key, Chance chance) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + KEY_BYTES + " bytes is needed");
    }
    this.key = new SecretKeySpec(key, "AES");
    this.chance = chance;
  }

  /** Encrypts {@code text}. */
  byte[] close(String label, String text) {
    return close(label, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Encrypts {@code plain}. */
  public byte[] close(String label, byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    chance.fill(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, label).doFinal(plain);
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return all;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /** The text, unless it was sealed with another key or label, or changed. */
  Optional<String> open(String label, byte[] sealed) {
    return plain(label, sealed).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** What was sealed, unless it was with another key or label, or has changed. */
  public Optional<byte[]> plain(String label, byte[] sealed) {
    if (sealed.length < NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), label)
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String label) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(label.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
