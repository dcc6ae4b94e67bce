package tidefs.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network between one machine and a server: a port of this host whose connections lead to the
 * server, until it is cut. A cut loses what is on the way and tells neither end; connections that
 * were cut never come back, and new ones get nowhere until the cable is mended.
 */
final class Cable implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Server.Export far;
  private final ServerSocket near;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean cut;

  private Cable(Server.Export far, ServerSocket near) {
    this.far = far;
    this.near = near;
  }

  /** Lays a cable to what {@code far} exports. */
  static Cable to(Server.Export far) {
    try {
      InetAddress address = InetAddress.getLoopbackAddress();
      Cable cable = new Cable(far, new ServerSocket(0, BACKLOG, address));
      Thread.ofVirtual().start(cable::accept);
      return cable;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a machine at the near end mounts. */
  Server.Export export() {
    return new Server.Export("127.0.0.1", near.getLocalPort(), far.path(), far.size());
  }

  /** Nothing gets through any more. */
  void cut() {
    cut = true;
    generation.incrementAndGet();
  }

  /** New connections get through again; the old ones are reset. */
  void mend() {
    cut = false;
    sockets.forEach(Cable::reset);
  }

  private void accept() {
    while (true) {
      try {
        Socket client = near.accept();
        sockets.add(client);
        if (!cut) {
          connect(client);
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket client) throws IOException {
    Socket server = new Socket();
    sockets.add(server);
    int its = generation.get();
    try {
      server.connect(new InetSocketAddress(far.address(), far.port()));
    } catch (IOException refused) {
      reset(client);
      return;
    }
    Thread.ofVirtual().start(() -> carry(client, server, its));
    Thread.ofVirtual().start(() -> carry(server, client, its));
  }

  private void carry(Socket from, Socket to, int its) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int bytes = from.getInputStream().read(buffer);
          bytes >= 0;
          bytes = from.getInputStream().read(buffer)) {
        if (its == generation.get()) {
          to.getOutputStream().write(buffer, 0, bytes);
        }
      }
      if (its == generation.get()) {
        reset(to);
      }
    } catch (IOException broken) {
      if (its == generation.get()) {
        reset(from);
        reset(to);
      }
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException closed) {
      // It is closed, which was the aim.
    }
  }

  @Override
  public void close() {
    cut();
    try {
      near.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(Cable::reset);
  }
}
