package tidefs.server.keys;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import tidefs.base.Chance;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.server.config.EncryptionSettings;
import tidefs.store.StoreFault;
import tidefs.store.crypt.RootKey;

/** A root key in a token: AES-256-GCM is done there, and the key never leaves it. */
final class Pkcs11Root implements RootKey {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Provider token;
  private final Key key;
  private final Chance chance;

  private Pkcs11Root(Provider token, Key key, Chance chance) {
    this.token = token;
    this.key = key;
    this.chance = chance;
  }

  /** Logs in to the token and finds the key. */
  static Pkcs11Root open(EncryptionSettings.Pkcs11 settings, Chance chance) {
    try {
      Provider token =
          Security.getProvider("SunPKCS11").configure(settings.configuration().toString());
      char[] pin = KeySources.lines(settings.pinFile(), 1).getFirst().toCharArray();
      KeyStore keys = KeyStore.getInstance("PKCS11", token);
      keys.load(null, pin);
      Optional<Key> key = Optional.ofNullable(keys.getKey(settings.key(), null));
      return new Pkcs11Root(token, key.orElseThrow(() -> noKey(settings)), chance);
    } catch (GeneralSecurityException
        | IOException
        | ProviderException
        | InvalidParameterException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "the token of " + settings.configuration() + " cannot be used: " + e.getMessage(),
          e);
    }
  }

  private static CommandException noKey(EncryptionSettings.Pkcs11 settings) {
    return new CommandException(
        ExitCode.FAILED, "the token has no key with the label '" + settings.key() + "'");
  }

  @Override
  public byte[] seal(byte[] plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    chance.fill(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return all;
    } catch (GeneralSecurityException | ProviderException e) {
      throw new StoreFault("the token did not seal the key store", e);
    }
  }

  @Override
  public byte[] open(byte[] sealed) {
    try {
      return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES))
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException | ProviderException e) {
      throw new StoreFault("the token's key is not the one of the key store, or it is damaged", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", token);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
