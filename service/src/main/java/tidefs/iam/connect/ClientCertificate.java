package tidefs.iam.connect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the self-signed certificate of a {@code mount.efs} client says, in extensions of its own.
 * Only that the client holds the certificate's key is known to be true.
 *
 * @param accessPointId the access point that it wants to come by
 * @param publicKeyHash SHA-1 of the public key, in lower-case hexadecimal digits: computed here
 * @param clientSource the software that made the mount, such as {@code macos} or a CSI driver's
 */
public record ClientCertificate(
    String fileSystemId,
    Optional<String> accessPointId,
    Optional<ConnectSignature> signature,
    Optional<String> clientSource,
    Optional<String> clientVersion,
    String publicKeyHash,
    Instant notBefore,
    Instant notAfter) {
  static final String ACCESS_POINT = "1.3.6.1.4.1.4843.7.1";
  static final String SIGNATURE = "1.3.6.1.4.1.4843.7.2";
  static final String FILE_SYSTEM = "1.3.6.1.4.1.4843.7.3";
  private static final String CLIENT = "1.3.6.1.4.1.4843.7.4";
  private static final int MOST_BYTES = 16 << 10;

  /**
   * Reads a certificate.
   *
   * @throws ConnectRefusal if it is not one of these clients'
   */
  public static ClientCertificate parse(X509Certificate certificate) throws ConnectRefusal {
    return parse(
        certificate::getExtensionValue,
        hash(certificate.getPublicKey()),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant());
  }

  /** The values of a certificate's extensions, each as an OCTET STRING, by object identifier. */
  @FunctionalInterface
  interface Extensions {
    /** The value; null if there is no such extension. */
    byte @Nullable [] value(String oid);
  }

  static ClientCertificate parse(
      Extensions extensions, String publicKeyHash, Instant notBefore, Instant notAfter)
      throws ConnectRefusal {
    String fileSystemId =
        text(extensions, FILE_SYSTEM)
            .orElseThrow(() -> new ConnectRefusal("the certificate names no file system"));
    Optional<String> accessPointId = text(extensions, ACCESS_POINT);
    Optional<ConnectSignature> signature = signature(extensions);
    Optional<Der> client = extension(extensions, CLIENT);
    Optional<String> source = Optional.empty();
    Optional<String> version = Optional.empty();
    if (client.isPresent()) {
      Der parts = only(client.get(), Der.SEQUENCE);
      source = Optional.of(parts.utf8());
      version = Optional.of(parts.utf8());
      parts.end();
    }
    return new ClientCertificate(
        fileSystemId,
        accessPointId,
        signature,
        source,
        version,
        publicKeyHash,
        notBefore,
        notAfter);
  }

  /** Whether a certificate is one of these clients' at all: it names a file system. */
  public static boolean isOne(X509Certificate certificate) {
    return certificate.getExtensionValue(FILE_SYSTEM) != null;
  }

  /** Refuses a certificate whose time has not come or is over. */
  public void checkValid(Instant now) throws ConnectRefusal {
    if (now.isBefore(notBefore) || now.isAfter(notAfter)) {
      throw new ConnectRefusal("the certificate has expired or is not yet valid");
    }
  }

  private static Optional<ConnectSignature> signature(Extensions extensions) throws ConnectRefusal {
    Optional<Der> found = extension(extensions, SIGNATURE);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Der parts = only(found.get(), Der.SEQUENCE);
    String accessKeyId = parts.utf8();
    String hex = new String(parts.next(Der.OCTET_STRING).rest(), StandardCharsets.US_ASCII);
    Instant time = parts.utcTime();
    Optional<String> token = Optional.empty();
    if (parts.hasNext()) {
      Der explicit = parts.next(Der.EXPLICIT_0);
      token = Optional.of(explicit.utf8());
      explicit.end();
    }
    parts.end();
    return Optional.of(new ConnectSignature(accessKeyId, hex, time, token));
  }

  private static Optional<String> text(Extensions extensions, String oid) throws ConnectRefusal {
    Optional<Der> found = extension(extensions, oid);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String text = found.get().utf8();
    found.get().end();
    return Optional.of(text);
  }

  /** What an extension holds. */
  private static Optional<Der> extension(Extensions extensions, String oid) throws ConnectRefusal {
    byte[] wrapped = extensions.value(oid);
    if (wrapped == null) {
      return Optional.empty();
    }
    if (wrapped.length > MOST_BYTES) {
      throw Der.malformed();
    }
    return Optional.of(only(Der.of(wrapped), Der.OCTET_STRING));
  }

  /** What is in the one value of a type that there must be. */
  private static Der only(Der values, int tag) throws ConnectRefusal {
    Der inside = values.next(tag);
    values.end();
    return inside;
  }

  /** SHA-1 of a public key, in lower-case hexadecimal digits. */
  static String hash(PublicKey key) {
    try {
      Der info = Der.of(key.getEncoded()).next(Der.SEQUENCE);
      var _ = info.next(Der.SEQUENCE);
      byte[] bits = info.next(Der.BIT_STRING).rest(); // The first byte counts unused bits.
      // The protocol's choice: it identifies the key, and is itself signed with HMAC-SHA256.
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(bits, 1, bits.length - 1);
      return HexFormat.of().formatHex(sha1.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    } catch (ConnectRefusal e) {
      throw new IllegalStateException("the platform encodes keys as X.509 has them", e);
    }
  }
}
