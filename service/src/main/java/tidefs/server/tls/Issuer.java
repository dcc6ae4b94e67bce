package tidefs.server.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import tidefs.base.Chance;

/** Makes certificates (RFC 5280), with keys on the curve P-256. */
final class Issuer {
  private static final Duration CA_VALIDITY = Duration.ofDays(3650);
  private static final Duration SERVER_VALIDITY = Duration.ofDays(90);
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final int SERIAL_BYTES = 16;

  private final Chance chance;
  private final Instant now;

  Issuer(Chance chance, Instant now) {
    this.chance = chance;
    this.now = now;
  }

  /** A certificate authority with a new key. */
  Identity authority(String name) throws GeneralSecurityException {
    KeyPair pair = pair();
    X500Name subject = new X500Name("CN=" + name);
    var builder = builder(subject, subject, pair, CA_VALIDITY);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
      return signed(builder, pair, pair, List.of());
    } catch (CertIOException e) {
      throw new GeneralSecurityException("the authority's certificate cannot be made", e);
    }
  }

  /** A server's certificate with a new key, for DNS names and addresses. */
  Identity server(Identity authority, List<String> names) throws GeneralSecurityException {
    KeyPair pair = pair();
    var issuer = authority.chain().getFirst();
    GeneralName[] alternatives =
        names.stream()
            .map(name ->
                new GeneralName(
                    name.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName,
                    name))
            .toArray(GeneralName[]::new);
    var builder =
        builder(
            X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
            new X500Name("CN=" + names.getFirst()),
            pair,
            SERVER_VALIDITY);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey()));
      KeyPair signer = new KeyPair(issuer.getPublicKey(), authority.key());
      return signed(builder, pair, signer, authority.chain());
    } catch (CertIOException e) {
      throw new GeneralSecurityException("the server's certificate cannot be made", e);
    }
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair pair, Duration validity) {
    byte[] serial = new byte[SERIAL_BYTES];
    chance.fill(serial);
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(1, serial),
        Date.from(now.minus(CLOCK_SKEW)),
        Date.from(now.plus(validity)),
        subject,
        pair.getPublic());
  }

  private static Identity signed(
      X509v3CertificateBuilder builder, KeyPair pair, KeyPair signer, List<X509Certificate> above)
      throws GeneralSecurityException {
    try {
      var certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(certificate);
      chain.addAll(above);
      return new Identity(pair.getPrivate(), chain);
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("every Java platform has ECDSA with SHA-256", e);
    }
  }

  private static KeyPair pair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
