package tidefs.rpc;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client on a real socket, which blocks. */
final class Client implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  final Socket socket = new Socket();
  private final DataInputStream in;

  Client(InetSocketAddress server) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(server);
    in = new DataInputStream(socket.getInputStream());
  }

  void send(byte[]... records) throws IOException {
    socket.getOutputStream().write(Messages.join(records));
  }

  /** The next record that the server sends. */
  byte[] receive() throws IOException {
    byte[] record = new byte[in.readInt() & 0x7fff_ffff];
    in.readFully(record);
    return record;
  }

  /** Whether the server closes the connection, after anything it still sends. */
  boolean isClosedByServer() {
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
