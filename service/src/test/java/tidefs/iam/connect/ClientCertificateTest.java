package tidefs.iam.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tidefs.testkit.MountCertificate;

/** What clients of mount.efs put into their certificates, and what others might. */
class ClientCertificateTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final String FILE_SYSTEM = "fs-0123456789abcdef0";
  private static final String ARC = "1.3.6.1.4.1.4843.7.";

  private static MountCertificate certificate() {
    return MountCertificate.of(FILE_SYSTEM, NOW);
  }

  private static ASN1Encodable sequence(ASN1Encodable... parts) {
    var all = new ASN1EncodableVector();
    for (ASN1Encodable part : parts) {
      all.add(part);
    }
    return new DERSequence(all);
  }

  private static void refused(MountCertificate certificate) {
    assertThatExceptionOfType(ConnectRefusal.class)
        .isThrownBy(() -> ClientCertificate.parse(certificate.make()))
        .satisfies(it -> assertThat(it.message()).startsWith("the certificate "));
  }

  @Test
  void everythingAClientSaysIsRead() throws ConnectRefusal {
    ClientCertificate read =
        ClientCertificate.parse(
            certificate()
                .accessPoint("fsap-0123456789abcdef0")
                .signature("AKIDEXAMPLE", "a1".repeat(32), NOW, "TOKEN/+=123")
                .extension(4, sequence(new DERUTF8String("k8s.io/efs"), new DERUTF8String("3.2.0")))
                .make());
    assertThat(read.fileSystemId()).isEqualTo(FILE_SYSTEM);
    assertThat(read.accessPointId()).contains("fsap-0123456789abcdef0");
    assertThat(read.signature())
        .contains(
            new ConnectSignature("AKIDEXAMPLE", "a1".repeat(32), NOW, Optional.of("TOKEN/+=123")));
    assertThat(read.clientSource()).contains("k8s.io/efs");
    assertThat(read.clientVersion()).contains("3.2.0");
    assertThat(read.publicKeyHash()).isEqualTo(MountCertificate.publicKeyHash());
    assertThat(read.notBefore()).isEqualTo(NOW.minusSeconds(900));
    assertThat(read.notAfter()).isEqualTo(NOW.plusSeconds(3 * 3600));
  }

  @Test
  void fileSystemAloneIsEnough() throws ConnectRefusal {
    var made = certificate().make();
    assertThat(ClientCertificate.isOne(made)).isTrue();
    ClientCertificate read = ClientCertificate.parse(made);
    assertThat(read.accessPointId()).isEmpty();
    assertThat(read.signature()).isEmpty();
    assertThat(read.clientSource()).isEmpty();
    assertThat(read.clientVersion()).isEmpty();
  }

  @Test
  void itIsGoodFromItsFirstSecondToItsLast() throws ConnectRefusal {
    ClientCertificate read = ClientCertificate.parse(certificate().make());
    read.checkValid(read.notBefore());
    read.checkValid(read.notAfter());
    for (Instant wrong :
        new Instant[] {read.notBefore().minusMillis(1), read.notAfter().plusMillis(1)}) {
      assertThatExceptionOfType(ConnectRefusal.class).isThrownBy(() -> read.checkValid(wrong));
    }
  }

  @Test
  void otherTypesAreRefusedWhereTextIsExpected() {
    refused(certificate().extension(1, new DERIA5String("fsap-0123456789abcdef0")));
    refused(certificate().extension(3, new DEROctetString(new byte[] {'f', 's'})));
    refused(certificate().extension(4, new DERUTF8String("k8s.io")));
    refused(certificate().extension(4, sequence(new DERUTF8String("k8s.io"))));
    DERUTF8String text = new DERUTF8String("x");
    refused(certificate().extension(4, sequence(text, text, text)));
  }

  @Test
  void signatureOfAnotherShapeIsRefused() {
    DERUTF8String key = new DERUTF8String("AKIDEXAMPLE");
    DEROctetString hex = new DEROctetString("a1".repeat(32).getBytes(StandardCharsets.US_ASCII));
    ASN1UTCTime time = new ASN1UTCTime("261122080000Z");
    ASN1Encodable token = new DERTaggedObject(true, 0, new DERUTF8String("TOKEN"));
    refused(certificate().extension(2, sequence()));
    refused(certificate().extension(2, sequence(key, hex)));
    refused(certificate().extension(2, sequence(hex, key, time)));
    refused(certificate().extension(2, sequence(key, hex, time, token, token)));
    refused(certificate().extension(2, sequence(key, hex, time, new DERUTF8String("TOKEN"))));
    refused(
        certificate().extension(2, sequence(key, hex, time, new DERTaggedObject(true, 1, key))));
    refused(
        certificate().extension(2, sequence(key, hex, time, new DERTaggedObject(true, 0, hex))));
    refused(
        certificate()
            .extension(
                2, sequence(key, hex, time, new DERTaggedObject(true, 0, sequence(key, key)))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2611220800Z",
        "261122080000",
        "261122080000+0000",
        "261322080000Z",
        "26112208000aZ"
      })
  void timeIsOneOfUtcToTheSecond(String text) {
    byte[] time = new byte[text.length() + 2];
    time[0] = 0x17;
    time[1] = (byte) text.length();
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, time, 2, text.length());
    assertThatExceptionOfType(ConnectRefusal.class).isThrownBy(() -> Der.of(time).utcTime());
  }

  @Test
  void yearsAreThoseFrom1950To2049() throws ConnectRefusal {
    assertThat(utc("500101000000Z")).isEqualTo("1950-01-01T00:00:00Z");
    assertThat(utc("991231235959Z")).isEqualTo("1999-12-31T23:59:59Z");
    assertThat(utc("000101000000Z")).isEqualTo("2000-01-01T00:00:00Z");
    assertThat(utc("491231235959Z")).isEqualTo("2049-12-31T23:59:59Z");
  }

  private static Instant utc(String text) throws ConnectRefusal {
    return Der.of(("\u0017\r" + text).getBytes(StandardCharsets.US_ASCII)).utcTime();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "0c", // no length
        "0c03", // no bytes
        "0c036162", // too few
        "0c0261620c", // more behind
        "0c026162ff", // more behind
        "0c80616200", // indefinite length (BER)
        "0c81026162", // a longer form than needed
        "0c8200026162",
        "0c83000002", // a length of three bytes
        "0cffffffff",
        "0c8200ff61",
        "0c02c080", // overlong UTF-8
        "0c03eda080", // a surrogate
        "2c026162", // constructed text (BER)
      })
  void whatIsNotDerIsRefused(String hex) {
    byte[] inside = HexFormat.of().parseHex(hex);
    byte[] value = new byte[inside.length + 2];
    value[0] = 0x04;
    value[1] = (byte) inside.length;
    System.arraycopy(inside, 0, value, 2, inside.length);
    Map<String, byte[]> values = Map.of(ARC + 3, value);
    assertThatExceptionOfType(ConnectRefusal.class)
        .isThrownBy(() -> ClientCertificate.parse(values::get, "", NOW, NOW));
  }

  @Test
  void nestingWithoutEndOverflowsNothing() {
    byte[] deep = new byte[16_000];
    for (int i = 0; i + 1 < deep.length; i += 2) {
      deep[i] = 0x30;
      deep[i + 1] = (byte) 0x80;
    }
    for (int number = 1; number <= 4; number++) {
      refused(certificate().extension(number, deep));
    }
  }

  @Test
  void extensionOverTheLimitIsRefused() {
    refused(certificate().extension(1, new DERUTF8String("x".repeat(17_000))));
  }
}
