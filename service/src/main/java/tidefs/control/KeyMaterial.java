package tidefs.control;

import java.util.Optional;

/**
 * The bytes of KMS keys, of which the control plane knows names and states. The server implements
 * it. Calls may take their time: they are never made under a lock.
 */
public interface KeyMaterial {
  /**
   * Whether file systems are encrypted by a service elsewhere, which alone knows which keys there
   * are.
   */
  boolean elsewhere();

  /** Makes a key's bytes, if they are not there; durable on return. */
  void create(String keyId);

  /**
   * Gives a key new bytes, the old ones kept to decrypt; and wraps with them what it has wrapped.
   */
  void rotate(String keyId);

  /** Ends a key: what it has encrypted is lost. */
  void destroy(String keyId);

  /** Encrypts a few bytes under a key that exists. */
  byte[] encrypt(String keyId, byte[] context, byte[] plain);

  /** Decrypts, unless something else was encrypted, or with another key or context. */
  Optional<byte[]> decrypt(String keyId, byte[] context, byte[] encrypted);
}
