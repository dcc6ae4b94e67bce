package tidefs.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What protects the keys of encrypted file systems. The key store is sealed by one of: a key file,
 * a passphrase, a token; by a key file in the data directory if none is named.
 *
 * @param keyFile a file of 32 random bytes
 * @param passphraseFile a file whose first line is the passphrase
 * @param pkcs11 a token
 * @param kms another key management service, that encrypts data keys instead of the key store
 */
public record EncryptionSettings(
    Optional<Path> keyFile,
    Optional<Path> passphraseFile,
    Optional<Pkcs11> pkcs11,
    Optional<Kms> kms) {
  static final String AUTO = "auto";
  static final String OFF = "off";

  /**
   * A token behind a PKCS #11 library.
   *
   * @param configuration of the JDK's provider SunPKCS11
   * @param key label of an AES key of 256 bits
   * @param pinFile a file whose first line is the PIN
   */
  public record Pkcs11(Path configuration, String key, Path pinFile) {}

  /**
   * A service that speaks the protocol of AWS KMS.
   *
   * @param credentialsFile a file with two lines: id of the access key, secret
   */
  public record Kms(URI endpoint, String region, Path credentialsFile) {}

  /** Refuses two ways to seal the same store. */
  public EncryptionSettings {
    if (Stream.of(keyFile, passphraseFile, pkcs11).filter(Optional::isPresent).count() > 1) {
      throw new IllegalArgumentException(
          "only one of key-file, passphrase-file and pkcs11-config is given");
    }
  }

  static EncryptionSettings read(Section in) {
    Optional<Path> keyFile = in.value("key-file", AUTO, text -> unless(AUTO, text));
    Optional<Path> passphraseFile = in.value("passphrase-file", OFF, text -> unless(OFF, text));
    Optional<Path> configuration = in.value("pkcs11-config", OFF, text -> unless(OFF, text));
    String label = in.value("pkcs11-key", "tidefs", text -> text);
    Path pinFile = in.value("pkcs11-pin-file", "pkcs11.pin", Path::of);
    Optional<URI> endpoint = in.value("kms-endpoint", OFF, EncryptionSettings::endpoint);
    String region = in.value("kms-region", "us-east-1", text -> text);
    Path credentials = in.value("kms-credentials-file", "kms.credentials", Path::of);
    EncryptionSettings settings =
        in.made(() ->
            new EncryptionSettings(
                keyFile,
                passphraseFile,
                configuration.map(it -> new Pkcs11(it, label, pinFile)),
                endpoint.map(it -> new Kms(it, region, credentials))));
    in.end();
    return settings;
  }

  private static Optional<Path> unless(String word, String text) {
    return text.equals(word) ? Optional.empty() : Optional.of(Path.of(text));
  }

  private static Optional<URI> endpoint(String text) {
    if (!text.equals(OFF) && !text.matches("https?://[^/\\s]+/?")) {
      throw new IllegalArgumentException("is off or a URL, such as https://kms.example.org");
    }
    return text.equals(OFF) ? Optional.empty() : Optional.of(URI.create(text));
  }

  /** The settings as lines of a configuration file, without indentation. */
  Stream<String> lines() {
    return Stream.of(
        "key-file: " + quoted(keyFile.map(Path::toString).orElse(AUTO)),
        "passphrase-file: " + quoted(passphraseFile.map(Path::toString).orElse(OFF)),
        "pkcs11-config: " + quoted(pkcs11.map(it -> it.configuration().toString()).orElse(OFF)),
        "pkcs11-key: " + quoted(pkcs11.map(Pkcs11::key).orElse("tidefs")),
        "pkcs11-pin-file: "
            + quoted(pkcs11.map(it -> it.pinFile().toString()).orElse("pkcs11.pin")),
        "kms-endpoint: " + quoted(kms.map(it -> it.endpoint().toString()).orElse(OFF)),
        "kms-region: " + quoted(kms.map(Kms::region).orElse("us-east-1")),
        "kms-credentials-file: "
            + quoted(kms.map(it -> it.credentialsFile().toString()).orElse("kms.credentials")));
  }

  private static String quoted(String text) {
    return ConfigurationText.quoted(text);
  }
}
