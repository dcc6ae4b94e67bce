package tidefs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tidefs.base.Chance;
import tidefs.cli.CommandException;
import tidefs.rpc.Limits;
import tidefs.rpc.RpcServer;
import tidefs.server.config.Configuration;
import tidefs.server.config.Options;
import tidefs.testkit.ManualClock;
import tidefs.testkit.MountCertificate;

/** The certificate that the NFS port shows, while it is served. */
final class TlsPortTest {
  private final ManualClock clock = new ManualClock();
  @TempDir private Path folder;
  private RpcServer rpc;
  private InetSocketAddress address;

  private TlsPort open(String tls) throws Exception {
    Path file = folder.resolve("tidefs.yaml");
    Files.writeString(file, "tls:\n  suffix: efs.test\n" + tls);
    Options options =
        new Options(
            Optional.of(folder.resolve("data").toString()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true);
    TlsPort port =
        TlsPort.open(
                Configuration.load(Optional.of(file), options),
                folder.resolve("data"),
                clock,
                Chance.system())
            .orElseThrow();
    rpc = new RpcServer(List.of(), Limits.DEFAULTS, port.policy(), clock, 1);
    address = rpc.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return port;
  }

  @AfterEach
  void close() {
    if (rpc != null) {
      rpc.close();
    }
  }

  private SSLSocket connect() throws IOException {
    var socket =
        (SSLSocket)
            MountCertificate.anonymousTls()
                .getSocketFactory()
                .createSocket(address.getAddress(), address.getPort());
    socket.startHandshake();
    return socket;
  }

  private X509Certificate shown() throws IOException {
    try (SSLSocket socket = connect()) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void ownCertificateIsRenewedAMonthBeforeItsEndWithoutARestart() throws Exception {
    TlsPort port = open("");
    X509Certificate first = shown();
    assertThat(first.getSubjectAlternativeNames().toString()).contains("*.efs.us-east-1.efs.test");
    try (SSLSocket open = connect()) {
      clock.advance(Duration.ofDays(59));
      port.renew();
      assertThat(shown()).isEqualTo(first);
      clock.advance(Duration.ofDays(2));
      port.renew();
      X509Certificate second = shown();
      assertThat(second).isNotEqualTo(first);
      assertThat(second.getNotAfter().toInstant()).isAfter(first.getNotAfter().toInstant());
      X509Certificate authority = authority();
      second.verify(authority.getPublicKey()); // Clients need nothing new.
      first.verify(authority.getPublicKey());
      open.getOutputStream().write(1); // And the connection of before is still there.
      assertThat(rpc.connections()).hasSizeGreaterThanOrEqualTo(1);
    }
  }

  private X509Certificate authority() throws Exception {
    try (var in = Files.newInputStream(folder.resolve("data/tls/ca.pem"))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @Test
  void configuredCertificateIsReadAgainWhenItsFileChanges() throws Exception {
    // Two pairs, as two servers would make them for themselves.
    for (String name : List.of("one", "two")) {
      folder.resolve("data").toFile().mkdirs();
      open("");
      close();
      Path made = folder.resolve("data/tls");
      Files.move(made.resolve("server.pem"), folder.resolve(name + ".pem"));
      Files.move(made.resolve("server.key"), folder.resolve(name + ".key"));
    }
    Path certificate = folder.resolve("configured.pem");
    Path key = folder.resolve("configured.key");
    Files.copy(folder.resolve("one.pem"), certificate);
    Files.copy(folder.resolve("one.key"), key);
    TlsPort port = open("  certificate: %s\n  key: %s\n".formatted(certificate, key));
    X509Certificate first = shown();
    port.renew();
    assertThat(shown()).isEqualTo(first);
    Files.copy(folder.resolve("two.pem"), certificate, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(certificate, FileTime.fromMillis(1_900_000_000_000L));
    port.renew();
    assertThat(shown()).isEqualTo(first); // Its key is still to come.
    Files.copy(folder.resolve("two.key"), key, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(key, FileTime.fromMillis(1_900_000_000_000L));
    port.renew();
    X509Certificate second = shown();
    assertThat(second).isNotEqualTo(first);
    Files.writeString(certificate, "no certificate");
    Files.setLastModifiedTime(certificate, FileTime.fromMillis(1_900_000_001_000L));
    port.renew();
    assertThat(shown()).isEqualTo(second); // Better the old one than none.
  }

  @Test
  void certificateThatCannotBeUsedStopsTheStart() throws Exception {
    Path broken = Files.writeString(folder.resolve("broken.pem"), "-");
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> open("  certificate: %s\n  key: %s\n".formatted(broken, broken)))
        .withMessageContaining("the certificate for TLS cannot be used")
        .withMessageContaining("tls.certificate");
  }

  @Test
  void keysAreForTheServersUserAlone() throws Exception {
    open("");
    for (String key : List.of("ca.key", "server.key")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve("data/tls").resolve(key)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }
}
