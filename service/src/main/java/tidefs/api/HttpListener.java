package tidefs.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import tidefs.base.Chance;

/**
 * The HTTP/1.1 port of the API. Each request is read whole and answered on a virtual thread of its
 * own.
 */
public final class HttpListener implements AutoCloseable {
  private static final int PLATFORM_THREADS = 8;
  private static final long STOP_MILLIS = 5_000;
  private static final long IDLE_MILLIS_WHEN_STOPPING = 200;

  private final Server server;
  private final ServerConnector connector;
  private final InetSocketAddress address;

  /** A listener that is not open yet. Port 0 takes a free one. */
  public HttpListener(InetSocketAddress address, Gate gate, Chance chance) {
    this.address = address;
    QueuedThreadPool threads = new QueuedThreadPool(PLATFORM_THREADS);
    threads.setName("http");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
    InetAddress host = address.getAddress();
    connector.setHost(host == null ? address.getHostString() : host.getHostAddress());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(Limits.IDLE_SECONDS * 1_000L);
    connector.setShutdownIdleTimeout(IDLE_MILLIS_WHEN_STOPPING);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(Limits.CONNECTIONS, connector));
    server.setHandler(new Edge(gate, chance));
    server.setStopTimeout(STOP_MILLIS);
  }

  private static HttpConfiguration configuration() {
    var configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    configuration.setRequestHeaderSize(Limits.HEADER_BYTES);
    // Paths are never decoded as a whole here, so an encoded slash is not ambiguous.
    configuration.setUriCompliance(
        UriCompliance.RFC3986.with(
            "encoded slashes",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
    return configuration;
  }

  /**
   * Opens the port.
   *
   * @throws IOException if that fails, for example because the port is taken
   */
  public void open() throws IOException {
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) { // Jetty declares no other.
      throw new IOException("the API listener could not be opened", e);
    }
  }

  /** The port that is open. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Where the listener is to be reached. */
  public InetSocketAddress address() {
    return new InetSocketAddress(address.getAddress(), port());
  }

  /** Lets requests under way end, for a few seconds, and closes the port. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // Jetty declares no other.
      throw new IllegalStateException("the API listener could not be closed", e);
    }
  }

  /** Turns what Jetty has read into an {@link Exchange}, and a {@link Reply} into what it sends. */
  private static final class Edge extends Handler.Abstract {
    private final Gate gate;
    private final Chance chance;

    Edge(Gate gate, Chance chance) {
      this.gate = gate;
      this.chance = chance;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      Reply reply = answer(request);
      response.setStatus(reply.status());
      reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
      response.getHeaders().put("Content-Length", reply.body().length);
      response.write(true, ByteBuffer.wrap(reply.body()), callback);
      return true;
    }

    private Reply answer(Request request) throws IOException {
      Exchange bare = exchange(request, new byte[0]);
      try (InputStream in = Request.asInputStream(request)) {
        byte[] body =
            request.getLength() > Limits.BODY_BYTES
                ? new byte[0]
                : in.readNBytes(Limits.BODY_BYTES + 1);
        if (request.getLength() > Limits.BODY_BYTES || body.length > Limits.BODY_BYTES) {
          return gate.refuse(
                  bare,
                  new ServiceError(
                      413,
                      "RequestEntityTooLargeException",
                      "The request is larger than " + Limits.BODY_BYTES + " bytes."))
              .with("Connection", "close");
        }
        String query = request.getHttpURI().getQuery();
        return gate.answer(
            new Exchange(
                bare.remoteAddress(),
                bare.method(),
                bare.rawPath(),
                Parameters.parse(query == null ? "" : query),
                bare.headers(),
                body,
                bare.requestId()));
      } catch (ServiceError e) {
        return gate.refuse(bare, e);
      }
    }

    private Exchange exchange(Request request, byte[] body) {
      Map<String, List<String>> headers = new HashMap<>();
      for (HttpField field : request.getHeaders()) {
        String value = field.getValue();
        headers
            .computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
            .add(value == null ? "" : value);
      }
      long high = (chance.nextLong() & ~0xf000L) | 0x4000L; // Version 4 (RFC 9562 §5.4).
      long low = (chance.nextLong() & ~(3L << 62)) | (2L << 62);
      String requestId = new UUID(high, low).toString();
      return new Exchange(
          Request.getRemoteAddr(request),
          request.getMethod(),
          request.getHttpURI().getPath(),
          Parameters.NONE,
          headers,
          body,
          requestId);
    }
  }
}
