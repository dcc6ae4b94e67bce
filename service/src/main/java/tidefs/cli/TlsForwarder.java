package tidefs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import tidefs.base.Clock;
import tidefs.iam.connect.MountIdentity;

/**
 * Takes connections of this host's kernel and leads each through TLS to the server, which must
 * prove its name. Every connection shows a certificate of its own, made and signed for it.
 */
final class TlsForwarder {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int BUFFER_BYTES = 1 << 18;

  private final InetSocketAddress server;
  private final String name;
  private final TrustManagerFactory trust;
  private final MountIdentity identity;
  private final Path ca;

  /** A forwarder to {@code server}, which is to prove {@code name} by the authority in a file. */
  TlsForwarder(InetSocketAddress server, String name, Path ca, MountIdentity identity) {
    this.server = server;
    this.name = name;
    this.identity = identity;
    this.ca = ca;
    trust = trust(ca);
  }

  private static TrustManagerFactory trust(Path ca) {
    try (InputStream in = Files.newInputStream(ca)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + count++, each);
      }
      if (count == 0) {
        throw failed(ca + " holds no certificate.", new CertificateException());
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw failed(ca + " holds no certificate of an authority: " + e.getMessage(), e);
    }
  }

  /** Connects once, and explains what prevents it. */
  void checkServer() {
    try (SSLSocket socket = connect()) {
      socket.startHandshake();
    } catch (SSLException e) {
      String said = String.valueOf(e.getMessage());
      throw failed(
          said.contains("subject alternative") || said.contains("No name matching")
              ? "the server proves another name than "
                  + name
                  + ". Name the end of its names with"
                  + " --suffix (the server's tls.suffix), and its Region with --region."
              : said.contains("PKIX") || said.contains("certification path")
                  ? "the server's certificate is not from the authority in "
                      + ca
                      + ". Get the"
                      + " right one on the server with 'tidefs ca'."
                  : "the server refuses TLS (tls.enabled?): " + said,
          e);
    } catch (IOException | GeneralSecurityException e) {
      throw failed("the server cannot be reached with TLS: " + e.getMessage(), e);
    }
  }

  /** Leads connections through until the listener is closed. */
  void serve(ServerSocket listener) {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> lead(client));
      } catch (IOException e) {
        return; // Closed: the mount is gone.
      }
    }
  }

  private void lead(Socket client) {
    try (client;
        SSLSocket out = connect()) {
      client.setTcpNoDelay(true);
      out.startHandshake();
      Thread back = Thread.ofPlatform().daemon().start(() -> copy(out, client));
      copy(client, out);
      back.join();
    } catch (IOException | GeneralSecurityException e) {
      System.err.println("tidefs: " + Clock.system().now() + " connection lost: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Copies until either side ends, and then ends both. */
  private static void copy(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException _) {
      return; // One side is gone: the kernel connects again if it wants to.
    }
  }

  private SSLSocket connect() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(identity.shown(Clock.system().now()), trust.getTrustManagers(), null);
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(server, CONNECT_MILLIS);
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, name, server.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setServerNames(List.of(new SNIHostName(name)));
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      socket.setSSLParameters(parameters);
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private static CommandException failed(String message, Exception cause) {
    return new CommandException(ExitCode.FAILED, message, cause);
  }
}
