package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;
import tidefs.xdr.XdrWriter;

/**
 * The calls that the server sends over a connection that its client opened (RFC 8881 §2.10.3.1).
 * Belongs to the connection's event loop.
 */
final class BackChannel {
  private static final int MAX_CALLS = 256;
  private static final int EXPECTED_BYTES = 512;

  private final Connection connection;
  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private int lastXid;
  private boolean closed;

  private record Waiting(ReplyHandler handler, ScheduledFuture<?> timeout) {}

  BackChannel(Connection connection) {
    this.connection = connection;
  }

  void call(CallbackTarget target, Consumer<XdrWriter> arguments, ReplyHandler handler) {
    if (closed) {
      handler.failed(ReplyHandler.Failure.CLOSED);
      return;
    }
    if (waiting.size() >= MAX_CALLS) {
      handler.failed(ReplyHandler.Failure.BUSY);
      return;
    }
    int xid = ++lastXid;
    ByteBuf call = encode(xid, target, arguments);
    ScheduledFuture<?> timeout =
        connection
            .executor()
            .schedule(
                () -> fail(xid, ReplyHandler.Failure.TIMED_OUT),
                target.limit().toNanos(),
                TimeUnit.NANOSECONDS);
    waiting.put(xid, new Waiting(handler, timeout));
    connection.outbound().send(call);
  }

  /** A reply was received; {@code in} stands behind the message type. */
  void reply(int xid, XdrReader in) {
    Waiting call = waiting.remove(xid);
    if (call == null) {
      return; // Late, or to a call that was never made.
    }
    Future<?> timeout = call.timeout;
    timeout.cancel(false);
    try {
      if (in.int32() != Wire.ACCEPTED) {
        call.handler.failed(ReplyHandler.Failure.DENIED);
        return;
      }
      in.int32();
      in.skipOpaque(Limits.AUTH_BYTES);
      if (in.int32() != Wire.SUCCESS) {
        call.handler.failed(ReplyHandler.Failure.REFUSED);
        return;
      }
    } catch (XdrException malformed) {
      call.handler.failed(ReplyHandler.Failure.GARBAGE);
      return;
    }
    call.handler.replied(in);
  }

  void close() {
    closed = true;
    List<Integer> open = new ArrayList<>(waiting.keySet());
    for (int xid : open) {
      fail(xid, ReplyHandler.Failure.CLOSED);
    }
  }

  private void fail(int xid, ReplyHandler.Failure why) {
    Waiting call = waiting.remove(xid);
    if (call != null) {
      call.timeout.cancel(false);
      call.handler.failed(why);
    }
  }

  private ByteBuf encode(int xid, CallbackTarget target, Consumer<XdrWriter> arguments) {
    XdrWriter out = new XdrWriter(connection.allocator().directBuffer(EXPECTED_BYTES));
    out.int32(0);
    out.int32(xid);
    out.int32(Wire.CALL);
    out.int32(Wire.RPC_VERSION);
    out.int32(target.program());
    out.int32(target.version());
    out.int32(target.procedure());
    switch (target.credentials()) {
      case AuthNone _ -> out.int64(0);
      case AuthSys sys -> {
        out.int32(AuthSys.FLAVOUR);
        int length = out.placeholder();
        sys.encode(out);
        out.patch(length, out.position() - length - Integer.BYTES);
      }
    }
    out.int64(0); // A verifier of AUTH_NONE, without a body.
    arguments.accept(out);
    int bytes = out.position();
    ByteBuf whole = out.finish();
    whole.setInt(0, Wire.LAST | bytes - Wire.MARK_BYTES);
    return whole;
  }
}
