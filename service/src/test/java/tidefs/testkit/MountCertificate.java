package tidefs.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that {@code mount.efs} makes for itself, made in a way of our own: what it says,
 * and the TLS of a client that shows it and trusts any server.
 */
public final class MountCertificate {
  private static final String ARC = "1.3.6.1.4.1.4843.7.";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** One key for all: making one takes longer than a test. */
  private static final KeyPair KEYS = rsa();

  private final TreeMap<Integer, byte[]> extensions = new TreeMap<>();
  private Instant notBefore;
  private Instant notAfter;
  private String signedFileSystem;

  private MountCertificate(String fileSystem, Instant now) {
    notBefore = now.minus(Duration.ofMinutes(15));
    notAfter = now.plus(Duration.ofHours(3));
    signedFileSystem = fileSystem;
    extension(3, new DERUTF8String(fileSystem));
  }

  /** A certificate for a file system, made at a time, that names nobody. */
  public static MountCertificate of(String fileSystem, Instant now) {
    return new MountCertificate(fileSystem, now);
  }

  /** Names an access point. */
  public MountCertificate accessPoint(String id) {
    return extension(1, new DERUTF8String(id));
  }

  /** Is good for another time. */
  public MountCertificate valid(Instant from, Instant to) {
    notBefore = from;
    notAfter = to;
    return this;
  }

  /** Is signed over another file system than it names. */
  public MountCertificate signedFor(String fileSystem) {
    signedFileSystem = fileSystem;
    return this;
  }

  /** Carries the signature of an access key. */
  public MountCertificate signed(String keyId, String secret, Instant at) {
    return signature(keyId, sign(keyId, secret, at, ""), at, "");
  }

  /** Carries the signature of temporary credentials. */
  public MountCertificate signed(String keyId, String secret, String token, Instant at) {
    return signature(keyId, sign(keyId, secret, at, token), at, token);
  }

  /** Carries any signature. */
  public MountCertificate signature(String keyId, String hex, Instant at, String token) {
    var parts = new ASN1EncodableVector();
    parts.add(new DERUTF8String(keyId));
    parts.add(new DEROctetString(hex.getBytes(StandardCharsets.US_ASCII)));
    parts.add(new ASN1UTCTime(Date.from(at)));
    if (!token.isEmpty()) {
      parts.add(new DERTaggedObject(true, 0, new DERUTF8String(token)));
    }
    return extension(2, new DERSequence(parts));
  }

  /** Has an extension of the client's, 1 to 4, with any contents. */
  public MountCertificate extension(int number, ASN1Encodable contents) {
    try {
      return extension(number, contents.toASN1Primitive().getEncoded());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Has an extension of the client's with bytes that may be anything. */
  public MountCertificate extension(int number, byte[] contents) {
    extensions.put(number, contents);
    return this;
  }

  /** The certificate. */
  public X509Certificate make() {
    X500Name name = new X500Name("CN=client");
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(notBefore),
            Date.from(notAfter),
            name,
            KEYS.getPublic());
    try {
      for (var each : extensions.entrySet()) {
        var oid = new ASN1ObjectIdentifier(ARC + each.getKey());
        builder.addExtension(oid, false, each.getValue());
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(KEYS.getPrivate())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  /** TLS that shows this certificate. */
  public SSLContext tls() {
    return context(new KeyManager[] {new Shown(make())});
  }

  /** TLS that shows no certificate. */
  public static SSLContext anonymousTls() {
    return context(new KeyManager[0]);
  }

  /** TLS that shows what {@code keys} have, and trusts any server. */
  public static SSLContext context(KeyManager[] keys) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {new Trusting()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** SHA-1 of the public key, in hexadecimal digits. */
  public static String publicKeyHash() {
    byte[] key =
        SubjectPublicKeyInfo.getInstance(KEYS.getPublic().getEncoded())
            .getPublicKeyData()
            .getBytes();
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(key));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private String sign(String keyId, String secret, Instant at, String token) {
    String time = TIME.format(at);
    String scope = time.substring(0, 8) + "/us-east-1/elasticfilesystem/aws4_request";
    String query =
        "Action=Connect&PublicKeyHash=%s&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s"
            .formatted(publicKeyHash(), (keyId + "/" + scope).replace("/", "%2F"));
    query += "&X-Amz-Date=" + time + "&X-Amz-Expires=86400";
    if (!token.isEmpty()) {
      query += "&X-Amz-Security-Token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }
    query += "&X-Amz-SignedHeaders=host";
    String canonical =
        "GET\n/\n%s\nhost:%s\nhost\n%s".formatted(query, signedFileSystem, sha256(""));
    String text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical);
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, text));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Shows one certificate, to whoever asks. (A key store would take longer than the handshake.) */
  private static final class Shown extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";
    private final X509Certificate certificate;

    Shown(X509Certificate certificate) {
      this.certificate = certificate;
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
      return KEYS.getPrivate();
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

  /** Takes the server's certificate, whatever it is. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
