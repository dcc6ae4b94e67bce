package tidefs.rpc;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 on the port that is served without it, too. A client may show a certificate of
 * any kind: whether it means anything is for the program to judge. Sessions are not resumed, so
 * that every connection has been through a handshake with its certificate.
 *
 * <p>BoringSSL is used where it loads, else the JDK's own engine.
 */
public final class TlsTermination implements TlsPolicy {
  private static final Logger log = LoggerFactory.getLogger(TlsTermination.class);
  private static final int HANDSHAKE_MILLIS = 10_000;

  private final SslProvider provider;
  private volatile SslContext context;

  /**
   * TLS with a certificate.
   *
   * @param chain the server's own certificate first
   */
  public TlsTermination(PrivateKey key, List<X509Certificate> chain) {
    this(key, chain, OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK);
  }

  TlsTermination(PrivateKey key, List<X509Certificate> chain, SslProvider provider) {
    this.provider = provider;
    context = context(key, chain, provider);
    log.atInfo().addKeyValue("engine", provider).log("TLS is served");
  }

  /** Takes another certificate for the connections that are opened from now on. */
  public void renew(PrivateKey key, List<X509Certificate> chain) {
    context = context(key, chain, provider);
    log.atInfo()
        .addKeyValue("notAfter", chain.getFirst().getNotAfter().toInstant())
        .log("TLS certificate renewed");
  }

  @Override
  public Optional<String> begin(ChannelPipeline pipeline) {
    SslHandler handler = context.newHandler(pipeline.channel().alloc());
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    pipeline.addFirst(handler);
    return Optional.empty();
  }

  /** What the handshake of a connection with this handler has told. */
  static TlsPeer peer(SslHandler handler) {
    SSLSession session = handler.engine().getSession();
    Optional<X509Certificate> certificate = Optional.empty();
    try {
      Certificate[] shown = session.getPeerCertificates();
      if (shown.length > 0 && shown[0] instanceof X509Certificate own) {
        certificate = Optional.of(own);
      }
    } catch (SSLPeerUnverifiedException none) {
      log.atDebug().log("TLS client without a certificate");
    }
    Optional<String> name = Optional.empty();
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName each : extended.getRequestedServerNames()) {
        if (each instanceof SNIHostName host) {
          name = Optional.of(host.getAsciiName());
        }
      }
    }
    return new TlsPeer(certificate, name, session.getProtocol());
  }

  private static SslContext context(
      PrivateKey key, List<X509Certificate> chain, SslProvider provider) {
    try {
      SslContext made =
          SslContextBuilder.forServer(key, chain)
              .sslProvider(provider)
              .protocols("TLSv1.3", "TLSv1.2")
              .clientAuth(ClientAuth.OPTIONAL)
              .trustManager(new AnyCertificate())
              .sessionCacheSize(1)
              .sessionTimeout(1)
              .build();
      if (made.sessionContext() instanceof OpenSslSessionContext sessions) {
        sessions.setSessionCacheEnabled(false);
      }
      return made;
    } catch (SSLException e) {
      throw new IllegalArgumentException("the certificate and its key cannot be used for TLS", e);
    }
  }

  /** Takes every certificate: a client's is self-signed, and its contents are judged elsewhere. */
  private static final class AnyCertificate extends X509ExtendedTrustManager {
    private static final X509Certificate[] NONE = {};

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return NONE;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("servers are not met here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      checkServerTrusted(chain, type);
    }
  }
}
