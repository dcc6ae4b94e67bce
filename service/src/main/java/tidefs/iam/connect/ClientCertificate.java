package tidefs.iam.connect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
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
  private static final String ACCESS_POINT = "1.3.6.1.4.1.4843.7.1";
  private static final String SIGNATURE = "1.3.6.1.4.1.4843.7.2";
  private static final String FILE_SYSTEM = "1.3.6.1.4.1.4843.7.3";
  private static final String CLIENT = "1.3.6.1.4.1.4843.7.4";
  private static final int MOST_BYTES = 16 << 10;

  /**
   * Reads a certificate.
   *
   * @throws ConnectRefusal if it is not one of these clients'
   */
  public static ClientCertificate parse(X509Certificate certificate) throws ConnectRefusal {
    String fileSystemId =
        text(certificate, FILE_SYSTEM)
            .orElseThrow(() -> new ConnectRefusal("the certificate names no file system"));
    ASN1Primitive client = extension(certificate, CLIENT);
    return new ClientCertificate(
        fileSystemId,
        text(certificate, ACCESS_POINT),
        signature(certificate),
        client instanceof ASN1Sequence of ? Optional.of(utf8(of, 0)) : Optional.empty(),
        client instanceof ASN1Sequence of ? Optional.of(utf8(of, 1)) : Optional.empty(),
        hash(certificate),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant());
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

  private static Optional<ConnectSignature> signature(X509Certificate certificate)
      throws ConnectRefusal {
    ASN1Primitive found = extension(certificate, SIGNATURE);
    if (found == null) {
      return Optional.empty();
    }
    if (!(found instanceof ASN1Sequence parts) || parts.size() < 3 || parts.size() > 4) {
      throw malformed();
    }
    if (!(parts.getObjectAt(1) instanceof ASN1OctetString digits)
        || !(parts.getObjectAt(2) instanceof ASN1UTCTime time)) {
      throw malformed();
    }
    Optional<String> token =
        parts.size() == 4 ? Optional.of(token(parts.getObjectAt(3))) : Optional.empty();
    try {
      return Optional.of(
          new ConnectSignature(
              utf8(parts, 0),
              new String(digits.getOctets(), StandardCharsets.US_ASCII),
              time.getAdjustedDate().toInstant(),
              token));
    } catch (ParseException e) {
      throw malformed();
    }
  }

  private static String token(ASN1Encodable element) throws ConnectRefusal {
    if (element instanceof ASN1TaggedObject tagged && tagged.getTagNo() == 0) {
      ASN1Encodable inside = tagged.getExplicitBaseObject();
      if (inside instanceof ASN1UTF8String text) {
        return text.getString();
      }
    }
    throw malformed();
  }

  private static String utf8(ASN1Sequence parts, int index) throws ConnectRefusal {
    if (index < parts.size() && parts.getObjectAt(index) instanceof ASN1UTF8String text) {
      return text.getString();
    }
    throw malformed();
  }

  private static Optional<String> text(X509Certificate certificate, String oid)
      throws ConnectRefusal {
    ASN1Primitive found = extension(certificate, oid);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof ASN1UTF8String text) {
      return Optional.of(text.getString());
    }
    throw malformed();
  }

  /** What an extension holds; null if there is no such extension. */
  private static @Nullable ASN1Primitive extension(X509Certificate certificate, String oid)
      throws ConnectRefusal {
    byte[] wrapped = certificate.getExtensionValue(oid);
    if (wrapped == null) {
      return null;
    }
    if (wrapped.length > MOST_BYTES) {
      throw malformed();
    }
    try {
      byte[] inner = ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(wrapped)).getOctets();
      return ASN1Primitive.fromByteArray(inner);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw malformed();
    }
  }

  private static String hash(X509Certificate certificate) {
    try {
      byte[] key =
          SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded())
              .getPublicKeyData()
              .getBytes();
      // The protocol's choice: it identifies the key, and is itself signed with HMAC-SHA256.
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static ConnectRefusal malformed() {
    return new ConnectRefusal("the certificate has a malformed extension");
  }
}
