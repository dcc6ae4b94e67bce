package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;

/** TLS on the port of plain RPC: at once, or after the client has asked for it. */
class TlsTest {
  private static final int AUTH_TLS = 7;

  /** Says how its connection is protected. */
  private static final class Teller implements RpcProgram {
    final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public int number() {
      return Messages.PROGRAM;
    }

    @Override
    public int lowestVersion() {
      return Messages.VERSION;
    }

    @Override
    public int highestVersion() {
      return Messages.VERSION;
    }

    @Override
    public void call(RpcCall call) {
      seen.add(call.connection().tls().map(TlsPeer::protocol).orElse("plain"));
      call.reply().int32(42);
      call.send();
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

  private static TlsTermination termination(SslProvider provider) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Instant now = Clock.system().now();
    X500Name name = new X500Name("CN=test");
    var certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        java.math.BigInteger.ONE,
                        Date.from(now.minusSeconds(60)),
                        Date.from(now.plusSeconds(600)),
                        name,
                        pair.getPublic())
                    .build(
                        new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    return new TlsTermination(pair.getPrivate(), List.of(certificate), provider);
  }

  private static SSLSocket encrypted(Client client, String protocol) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(client.socket, "test", 1, false);
    socket.setEnabledProtocols(new String[] {protocol});
    socket.startHandshake();
    return socket;
  }

  private static void checkAnswered(SSLSocket socket) throws Exception {
    byte[] call = Messages.record(Messages.call(7, 1, new byte[0]));
    socket.getOutputStream().write(call);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] record = new byte[in.readInt() & 0x7fff_ffff];
    in.readFully(record);
    assertThat(Arrays.copyOfRange(record, record.length - 4, record.length))
        .isEqualTo(Messages.words(42));
  }

  @ParameterizedTest
  @CsvSource({
    "JDK,TLSv1.3,false",
    "JDK,TLSv1.2,true",
    "OPENSSL,TLSv1.3,true",
    "OPENSSL,TLSv1.2,false"
  })
  void callsAreAnsweredWithTlsAtOnceOrAskedFor(SslProvider provider, String protocol, boolean ask)
      throws Exception {
    if (provider == SslProvider.OPENSSL && !OpenSsl.isAvailable()) {
      return; // The JDK's engine serves where BoringSSL does not load.
    }
    Teller teller = new Teller();
    try (RpcServer server =
        new RpcServer(List.of(teller), Limits.DEFAULTS, termination(provider), Clock.system(), 1)) {
      InetSocketAddress address =
          server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (Client client = new Client(address)) {
        if (ask) {
          byte[] probe =
              Messages.words(1, 0, 2, Messages.PROGRAM, Messages.VERSION, 0, AUTH_TLS, 0, 0, 0);
          client.send(Messages.record(probe));
          assertThat(new String(client.receive(), StandardCharsets.ISO_8859_1))
              .contains("STARTTLS");
        }
        SSLSocket socket = encrypted(client, protocol);
        checkAnswered(socket);
      }
      assertThat(teller.seen).containsExactly(protocol);
    }
  }

  @ParameterizedTest
  @CsvSource({"JDK", "OPENSSL"})
  void clientThatDoesNotTrustTheServerLeavesOneLineInTheLog(SslProvider provider) throws Exception {
    if (provider == SslProvider.OPENSSL && !OpenSsl.isAvailable()) {
      return;
    }
    var log = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(ConnectionHandler.class);
    var told = new ListAppender<ILoggingEvent>();
    told.start();
    log.addAppender(told);
    try (RpcServer server =
        new RpcServer(
            List.of(new Teller()), Limits.DEFAULTS, termination(provider), Clock.system(), 1)) {
      InetSocketAddress address =
          server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (Client client = new Client(address)) {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null); // The authorities of the JDK.
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket(client.socket, "test", 1, false);
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
        assertThat(client.socket.getInputStream().readAllBytes()).isNotNull(); // To its end.
      }
    } finally {
      log.detachAppender(told);
    }
    assertThat(told.list)
        .extracting(event -> event.getLevel() + " " + event.getMessage())
        .containsExactly("WARN TLS failed");
  }
}
