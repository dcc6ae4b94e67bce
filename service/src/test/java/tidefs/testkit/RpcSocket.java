package tidefs.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A plain socket that speaks ONC RPC (RFC 5531): records, calls, replies; and, for hostile tests,
 * any bytes at all. Blocking; an answer that does not come within ten seconds, or as long as one
 * says, is an error.
 */
public final class RpcSocket implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int LAST_FRAGMENT = 0x8000_0000;
  private static final int CALL = 0;
  private static final int RPC_VERSION = 2;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /** Connects to {@code address}. */
  public RpcSocket(SocketAddress address) throws IOException {
    this(connected(address, TIMEOUT_MILLIS));
  }

  /** Connects to {@code address}, and waits for answers as long as this. */
  public RpcSocket(SocketAddress address, int timeoutMillis) throws IOException {
    this(connected(address, timeoutMillis));
  }

  /** Connects to {@code address} with TLS, with the certificate and the trust of {@code tls}. */
  public RpcSocket(SocketAddress address, SSLContext tls) throws IOException {
    this(encrypted(connected(address, TIMEOUT_MILLIS), tls));
  }

  private RpcSocket(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = new DataOutputStream(socket.getOutputStream());
  }

  private static Socket connected(SocketAddress address, int timeoutMillis) throws IOException {
    var socket = new Socket();
    socket.connect(address, timeoutMillis);
    socket.setSoTimeout(timeoutMillis);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static Socket encrypted(Socket plain, SSLContext tls) throws IOException {
    var socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, "server", 1, true);
    socket.startHandshake();
    return socket;
  }

  /** Sends bytes as they are. */
  public void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** Sends one fragment of a record. */
  public void sendFragment(boolean last, byte[] bytes) throws IOException {
    sendRaw(new XdrOut().int32(bytes.length | (last ? LAST_FRAGMENT : 0)).raw(bytes).toBytes());
  }

  /** Sends a record in one fragment. */
  public void sendRecord(byte[] bytes) throws IOException {
    sendFragment(true, bytes);
  }

  /** The record of a call. */
  public static byte[] call(
      int xid, int program, int version, int procedure, Credentials as, byte[] arguments) {
    var call = new XdrOut().int32(xid).int32(CALL).int32(RPC_VERSION);
    call.int32(program).int32(version).int32(procedure);
    as.encode(call);
    return call.int32(0).int32(0).raw(arguments).toBytes();
  }

  /** Waits for a record. */
  public byte[] receiveRecord() throws IOException {
    var record = new ByteArrayOutputStream();
    int mark;
    do {
      mark = in.readInt();
      record.writeBytes(in.readNBytes(mark & ~LAST_FRAGMENT));
    } while ((mark & LAST_FRAGMENT) == 0);
    return record.toByteArray();
  }

  /** Whether the peer ends the connection, without another byte, before the time is over. */
  public boolean isClosedByPeer() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true; // Reset: closed, with bytes of ours unread.
    }
  }

  /** Sends nothing more, and still receives. */
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
