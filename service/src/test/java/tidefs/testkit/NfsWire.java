package tidefs.testkit;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import tidefs.nfs4.op.SessionId;

/**
 * The connection of a test client: a socket, a client id, and in 4.1 a session with its slots.
 * Blocking; for one thread, except that several requests may be under way ({@link #send}, {@link
 * #receive}).
 *
 * <p>When the server has restarted: {@link #reconnect}, {@link #establish}, then reclaim what was
 * open ({@link NfsClient#reclaim}), then {@link #reclaimComplete}.
 */
public final class NfsWire implements AutoCloseable {
  /** The RPC program of NFS. */
  public static final int PROGRAM = 100003;

  private static final int VERSION = 4;
  private static final int COMPOUND = 1;
  private static final int MAX_BYTES = (1 << 20) + 4096;
  private static final int SLOTS = 16;
  private static final int CONN_BACK_CHAN = 2;

  private Dialer dialer;
  private final int minorVersion;
  private final String name;
  private final long verifier;
  private final Map<Integer, RpcReply> arrived = new HashMap<>();
  private final Deque<CallbackCall> callbacks = new ArrayDeque<>();
  private final int[] sequences = new int[SLOTS];
  private Credentials credentials;
  private RpcSocket socket;
  private int lastXid;
  private long clientId;
  private int confirm;
  private SessionId session = new SessionId(0, 0);

  /** Makes a connection. */
  @FunctionalInterface
  public interface Dialer {
    /** A new one. */
    RpcSocket dial() throws IOException;
  }

  /**
   * Connects, and introduces nobody yet.
   *
   * @param name by which the server knows the client, over its connections and restarts
   * @param verifier differs when the client has restarted
   */
  public NfsWire(
      SocketAddress address, int minorVersion, Credentials credentials, String name, long verifier)
      throws IOException {
    this(() -> new RpcSocket(address), minorVersion, credentials, name, verifier);
  }

  /** The same over connections of any kind. */
  public NfsWire(
      Dialer dialer, int minorVersion, Credentials credentials, String name, long verifier)
      throws IOException {
    this.dialer = dialer;
    this.minorVersion = minorVersion;
    this.credentials = credentials;
    this.name = name;
    this.verifier = verifier;
    socket = dialer.dial();
  }

  /** Introduces the client, makes a session in 4.1, and confirms both. Reclaims nothing. */
  public void establish() throws IOException {
    establish(false);
  }

  /** The same; in 4.1 perhaps with a back channel over this connection. */
  public void establish(boolean backChannel) throws IOException {
    if (minorVersion == 0) {
      setClientId();
    } else {
      exchangeId();
      createSession(backChannel ? CONN_BACK_CHAN : 0);
    }
  }

  private void setClientId() throws IOException {
    var arguments =
        new XdrOut().int64(verifier).text(name).int32(0).text("tcp").text("0.0.0.0.0.0").int32(0);
    var client = call(new Compound(0).op(35, arguments)).ok().last(CompoundResult.Client.class);
    clientId = client.clientId();
    call(new Compound(0).op(36, new XdrOut().int64(clientId).int64(client.confirm()))).ok();
  }

  private void exchangeId() throws IOException {
    var arguments = new XdrOut().int64(verifier).text(name).int32(0).int32(0).int32(0);
    var client =
        call(new Compound(minorVersion).op(42, arguments)).ok().last(CompoundResult.Client.class);
    clientId = client.clientId();
    confirm = (int) client.confirm();
  }

  /** Makes another session for the client that was introduced. */
  public void createSession() throws IOException {
    createSession(0);
  }

  /** Makes a session whose replies are of these sizes at most. */
  public void createSession(int responseBytes, int cachedBytes) throws IOException {
    createSession(0, responseBytes, cachedBytes);
  }

  private void createSession(int flags) throws IOException {
    createSession(flags, MAX_BYTES, MAX_BYTES);
  }

  private void createSession(int flags, int responseBytes, int cachedBytes) throws IOException {
    var arguments = new XdrOut().int64(clientId).int32(confirm).int32(flags);
    for (int direction = 0; direction < 2; direction++) {
      arguments
          .int32(0)
          .int32(MAX_BYTES)
          .int32(responseBytes)
          .int32(cachedBytes)
          .int32(64)
          .int32(SLOTS)
          .int32(0);
    }
    arguments.int32(0x4000_0000).int32(1).int32(0);
    session =
        call(new Compound(minorVersion).op(43, arguments))
            .ok()
            .last(CompoundResult.Session.class)
            .session();
    confirm++;
    Arrays.fill(sequences, 0);
  }

  /** RECLAIM_COMPLETE: nothing more will be reclaimed. Nothing to say in 4.0. */
  public void reclaimComplete() throws IOException {
    if (minorVersion > 0) {
      call(compound().op(58, new XdrOut().bool(false))).ok();
    }
  }

  /** Renews the lease: RENEW in 4.0, a SEQUENCE from 4.1 on. */
  public void renew() throws IOException {
    Compound renewal =
        minorVersion == 0 ? new Compound(0).op(30, new XdrOut().int64(clientId)) : compound();
    call(renewal).ok();
  }

  /** A new COMPOUND; in 4.1, with SEQUENCE on slot 0. */
  public Compound compound() {
    return compound(0);
  }

  /** A new COMPOUND; in 4.1, with SEQUENCE on {@code slot}, whose next number it takes. */
  public Compound compound(int slot) {
    var compound = new Compound(minorVersion);
    return minorVersion == 0
        ? compound
        : compound.sequence(session, ++sequences[slot], slot, SLOTS - 1, true);
  }

  /** A new COMPOUND whose reply, perhaps a large one, the server need not remember. */
  public Compound uncached() {
    return uncached(0);
  }

  /** The same on {@code slot}, so that several may be under way. */
  public Compound uncached(int slot) {
    var compound = new Compound(minorVersion);
    return minorVersion == 0
        ? compound
        : compound.sequence(session, ++sequences[slot], slot, SLOTS - 1, false);
  }

  /** Gives back the number of a slot that a COMPOUND took and the server did not accept. */
  public void takeBack(int slot) {
    sequences[slot]--;
  }

  /** Sends a COMPOUND and waits for its result. Sending one a second time is a replay. */
  public CompoundResult call(Compound compound) throws IOException {
    return receive(send(compound));
  }

  /** Sends a COMPOUND; the result is for {@link #receive}. */
  public int send(Compound compound) throws IOException {
    return send(compound.encode());
  }

  /** Sends the arguments of a COMPOUND, whatever they are. */
  public int send(byte[] arguments) throws IOException {
    int xid = ++lastXid;
    socket.sendRecord(RpcSocket.call(xid, PROGRAM, VERSION, COMPOUND, credentials, arguments));
    return xid;
  }

  /** Waits for the result of what was sent as {@code xid}; others may come before it. */
  public CompoundResult receive(int xid) throws IOException {
    RpcReply reply = receiveReply(xid);
    if (!reply.isSuccess()) {
      throw new IOException("the call was refused: " + reply);
    }
    return CompoundResult.decode(reply.results());
  }

  /** Waits for the RPC reply to what was sent as {@code xid}. */
  public RpcReply receiveReply(int xid) throws IOException {
    RpcReply reply = arrived.remove(xid);
    while (reply == null || reply.xid() != xid) {
      byte[] record = socket.receiveRecord();
      if (CallbackCall.isCall(record)) {
        callbacks.add(CallbackCall.decode(record));
        continue;
      }
      reply = RpcReply.decode(record);
      if (reply.xid() != xid) {
        arrived.put(reply.xid(), reply);
      }
    }
    return reply;
  }

  /** Waits until the server calls. */
  public CallbackCall receiveCallback() throws IOException {
    CallbackCall call = callbacks.poll();
    while (call == null) {
      byte[] record = socket.receiveRecord();
      if (CallbackCall.isCall(record)) {
        call = CallbackCall.decode(record);
      } else {
        RpcReply reply = RpcReply.decode(record);
        arrived.put(reply.xid(), reply);
      }
    }
    return call;
  }

  /** Answers a call of the server: the result of its operation, from the status on. */
  public void answer(CallbackCall call, XdrOut result) throws IOException {
    socket.sendRecord(call.answer(result));
  }

  /** The NULL procedure. */
  public RpcReply ping() throws IOException {
    int xid = ++lastXid;
    socket.sendRecord(RpcSocket.call(xid, PROGRAM, VERSION, 0, Credentials.NONE, new byte[0]));
    return receiveReply(xid);
  }

  /** Leaves the connection and makes a new one; client id, session and slots stay. */
  public void reconnect() throws IOException {
    socket.close();
    arrived.clear();
    socket = dialer.dial();
  }

  /** The same, to a server that has moved. */
  public void moveTo(SocketAddress elsewhere) throws IOException {
    dialer = () -> new RpcSocket(elsewhere);
    reconnect();
  }

  /** Speaks as someone else from now on. */
  public void as(Credentials other) {
    credentials = other;
  }

  /** The socket, for hostile tests. */
  public RpcSocket socket() {
    return socket;
  }

  /** 0, 1 or 2. */
  public int minorVersion() {
    return minorVersion;
  }

  /** What the server calls this client. */
  public long clientId() {
    return clientId;
  }

  /** The session; meaningless in 4.0. */
  public SessionId session() {
    return session;
  }

  /** The connection goes, and the state on the server stays, as in a crash. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
