package tidefs.iam.connect;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import tidefs.iam.ConnectVerifier;

/**
 * Who a client of ours is: the counterpart of {@link ClientCertificate}. It has one key for its
 * life, and makes a certificate for every connection.
 */
public final class MountIdentity {
  private static final Duration BEFORE = Duration.ofMinutes(15);
  private static final Duration AFTER = Duration.ofHours(3);

  private final String fileSystemId;
  private final Optional<String> accessPointId;
  private final Optional<Key> key;
  private final String region;
  private final KeyPair pair;

  /** An access key. */
  public record Key(String id, String secret, Optional<String> token) {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  private MountIdentity(
      String fileSystemId,
      Optional<String> accessPointId,
      Optional<Key> key,
      String region,
      KeyPair pair) {
    this.fileSystemId = fileSystemId;
    this.accessPointId = accessPointId;
    this.key = key;
    this.region = region;
    this.pair = pair;
  }

  /** A client of a file system, with a new key; anonymous without an access key. */
  public static MountIdentity create(
      String fileSystemId, Optional<String> accessPointId, Optional<Key> key, String region)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return new MountIdentity(fileSystemId, accessPointId, key, region, generator.generateKeyPair());
  }

  /** A certificate made now, for a TLS context. */
  public KeyManager[] shown(Instant now) throws GeneralSecurityException {
    return new KeyManager[] {new Shown(certificate(now), pair.getPrivate())};
  }

  /** A certificate made now. */
  X509Certificate certificate(Instant now) throws GeneralSecurityException {
    X500Name name = new X500Name("CN=tidefs");
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(BEFORE)),
            Date.from(now.plus(AFTER)),
            name,
            pair.getPublic());
    try {
      add(builder, ClientCertificate.FILE_SYSTEM, new DERUTF8String(fileSystemId));
      if (accessPointId.isPresent()) {
        add(builder, ClientCertificate.ACCESS_POINT, new DERUTF8String(accessPointId.get()));
      }
      if (key.isPresent()) {
        add(builder, ClientCertificate.SIGNATURE, signature(key.get(), now));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    } catch (IOException | OperatorCreationException e) {
      throw new GeneralSecurityException("the client's certificate cannot be made", e);
    }
  }

  private static void add(JcaX509v3CertificateBuilder to, String oid, ASN1Encodable value)
      throws IOException {
    to.addExtension(new ASN1ObjectIdentifier(oid), false, value);
  }

  private ASN1Encodable signature(Key of, Instant now) {
    String hex =
        ConnectVerifier.sign(
            of.id(),
            of.secret(),
            of.token(),
            region,
            now,
            ClientCertificate.hash(pair.getPublic()),
            fileSystemId);
    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(new DERUTF8String(of.id()));
    parts.add(new DEROctetString(hex.getBytes(StandardCharsets.US_ASCII)));
    parts.add(new ASN1UTCTime(Date.from(now)));
    if (of.token().isPresent()) {
      parts.add(new DERTaggedObject(true, 0, new DERUTF8String(of.token().get())));
    }
    return new DERSequence(parts);
  }

  /** Shows one certificate to whoever asks for one. */
  private static final class Shown extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";

    private final X509Certificate certificate;
    private final PrivateKey key;

    Shown(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }
  }
}
