package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.base.LogPace;

/** The receiving half of a connection: bytes to records to calls, no faster than replies leave. */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionHandler.class);

  private final Channel channel;
  private final RecordAssembler assembler;
  private final Limits limits;
  private final Clock clock;
  private final ServerCounters counters;
  private final Outbound outbound;
  private final Connection connection;
  private final Dispatcher dispatcher;
  private final LogPace tlsFailures;

  /** What was received and waits until replies have left, from {@link #backlogAt} on. */
  private @Nullable ByteBuf backlog;

  private int backlogAt;
  private boolean paused;
  private boolean resuming;
  private boolean draining;
  private boolean refused;
  private int callsInFlight;

  /** When the pending record began, and whether somebody will look. */
  private long recordBegun;

  private boolean deadlineArmed;

  private long bytesIn;
  private volatile long publishedBytesIn;
  private volatile long publishedCalls;

  ConnectionHandler(Channel channel, long id, RecordAssembler assembler, ServerContext server) {
    this.channel = channel;
    this.assembler = assembler;
    limits = server.limits();
    clock = server.clock();
    counters = server.counters();
    outbound = new Outbound(channel, server.busyLoops());
    connection = new Connection(id, channel, this, outbound);
    dispatcher = new Dispatcher(server.programs(), counters, connection);
    tlsFailures = server.tlsFailures();
  }

  Connection connection() {
    return connection;
  }

  long bytesIn() {
    return publishedBytesIn;
  }

  long calls() {
    return publishedCalls;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    outbound.beginRead();
    boolean continued = assembler.pending();
    long callsBefore = dispatcher.calls();
    try {
      if (refused || draining) {
        in.release();
      } else if (assembler.isRecord(in)) {
        in.release(); // The assembler has its own count.
        receivedIntoRecord();
      } else {
        bytesIn += in.readableBytes();
        received(in);
      }
    } catch (RecordException e) {
      refuse(e.reason());
    }
    if (assembler.pending() && (!continued || dispatcher.calls() != callsBefore)) {
      recordBegun = clock.monotonicNanos();
      armDeadline(limits.recordTime().toNanos());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    endRead();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    resumeLater();
  }

  /** The peer sends no more, but may read yet what it has asked for. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      drain();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    assembler.discard();
    dropBacklog();
    outbound.close();
    connection.closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable decoding = cause instanceof DecoderException ? cause.getCause() : cause;
    if (decoding instanceof SSLException failure) {
      tlsFailed(failure);
    } else if (cause instanceof IOException) {
      log.atDebug().addKeyValue("connection", connection.id()).setCause(cause).log("Peer is gone");
    } else {
      log.atError()
          .addKeyValue("connection", connection.id())
          .setCause(cause)
          .log("Connection ends on a fault");
    }
    var _ = channel.close();
  }

  /** The peer's doing, and a kernel that does not trust us tries again many times a second. */
  private void tlsFailed(SSLException failure) {
    tlsFailures
        .pass()
        .ifPresent(more ->
            log.atWarn()
                .addKeyValue("client", channel.remoteAddress())
                .addKeyValue("reason", failure.getMessage())
                .addKeyValue("others", more)
                .log("TLS failed"));
  }

  void callDeferred() {
    callsInFlight++;
  }

  void callAnswered() {
    callsInFlight--;
    resumeLater();
    if (draining) {
      closeWhenAnswered();
    }
  }

  /** Reads no further, and closes when every call in flight has been answered. */
  void drain() {
    draining = true;
    channel.config().setAutoRead(false);
    dropBacklog();
    closeWhenAnswered();
  }

  private void closeWhenAnswered() {
    if (callsInFlight == 0) {
      outbound.flush();
      var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void receivedIntoRecord() throws RecordException {
    bytesIn += assembler.received();
    if (assembler.isComplete()) {
      assembledRecord();
      if (mustPause()) {
        pause();
      }
    }
  }

  private void received(ByteBuf in) throws RecordException {
    ByteBuf waiting = backlog;
    if (waiting == null) {
      consume(in, in.readerIndex());
      return;
    }
    // Reading had stopped, yet the transport delivered once more.
    int have = waiting.writerIndex() - backlogAt;
    ByteBuf both = channel.alloc().directBuffer(have + in.readableBytes());
    both.writeBytes(waiting, backlogAt, have).writeBytes(in);
    dropBacklog();
    in.release();
    backlog = both;
    backlogAt = 0;
  }

  /**
   * Handles the records of {@code in} from {@code at} on, and releases it, unless replies must
   * leave first: then it becomes the backlog. Its indices stay, for calls that are deferred read it
   * yet.
   */
  private void consume(ByteBuf in, int at) throws RecordException {
    boolean kept = false;
    try {
      int end = in.writerIndex();
      while (at < end && !refused) {
        at = next(in, at, end);
        if (mustPause()) {
          pause();
          kept = at < end;
          break;
        }
      }
    } finally {
      if (kept) {
        backlog = in;
        backlogAt = at;
      } else {
        in.release();
      }
    }
  }

  /** Handles the record at {@code at}, or takes what there is of it; returns where that ends. */
  private int next(ByteBuf in, int at, int end) throws RecordException {
    int bodyAt = at + Wire.MARK_BYTES;
    if (!assembler.pending() && bodyAt <= end) {
      int mark = in.getInt(at);
      int length = mark & ~Wire.LAST;
      if (mark < 0 && length <= end - bodyAt) {
        if (length > limits.recordBytes()) {
          throw new RecordException(RecordAssembler.TOO_LARGE);
        }
        dispatcher.record(in, bodyAt, bodyAt + length);
        return bodyAt + length;
      }
    }
    ByteBuf rest = in.slice(at, end - at);
    if (assembler.take(rest)) {
      assembledRecord();
    }
    return at + rest.readerIndex();
  }

  private void assembledRecord() throws RecordException {
    ByteBuf record = assembler.finish();
    try {
      dispatcher.record(record, 0, record.writerIndex());
    } finally {
      record.release();
    }
  }

  /** Whether the peer owes us the reading of replies, or we owe it too many. */
  private boolean mustPause() {
    if (callsInFlight < limits.callsInFlight() && channel.isWritable()) {
      return false;
    }
    outbound.flush();
    return callsInFlight >= limits.callsInFlight() || !channel.isWritable();
  }

  private void pause() {
    if (!paused) {
      paused = true;
      counters.paused();
      channel.config().setAutoRead(false);
    }
  }

  private void resumeLater() {
    if (paused && !resuming && callsInFlight < limits.callsInFlight() && channel.isWritable()) {
      resuming = true;
      connection.execute(this::resume);
    }
  }

  private void resume() {
    resuming = false;
    if (!paused || draining || !channel.isActive() || mustPause()) {
      return;
    }
    paused = false;
    boolean whole = false;
    try {
      consumeBacklog();
      whole = true;
    } finally {
      if (!whole) {
        var _ = channel.close(); // Nothing else would ever read on.
      }
    }
    if (!paused) {
      channel.config().setAutoRead(true);
    }
  }

  private void consumeBacklog() {
    ByteBuf waiting = backlog;
    if (waiting == null) {
      return;
    }
    backlog = null;
    outbound.beginRead();
    try {
      consume(waiting, backlogAt);
    } catch (RecordException e) {
      refuse(e.reason());
    } finally {
      endRead();
    }
  }

  private void endRead() {
    outbound.endRead();
    publishedBytesIn = bytesIn;
    publishedCalls = dispatcher.calls();
  }

  private void refuse(String reason) {
    refused = true;
    counters.recordRefused();
    connection.close(reason);
  }

  private void dropBacklog() {
    ByteBuf waiting = backlog;
    backlog = null;
    if (waiting != null) {
      waiting.release();
    }
  }

  /** One timer per connection and time limit, however many records come in parts. */
  private void armDeadline(long nanos) {
    if (!deadlineArmed) {
      deadlineArmed = true;
      var _ = channel.eventLoop().schedule(this::deadline, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void deadline() {
    deadlineArmed = false;
    if (!assembler.pending() || refused) {
      return;
    }
    long now = clock.monotonicNanos();
    if (paused) {
      recordBegun = now; // It is us who do not read.
    }
    long left = recordBegun + limits.recordTime().toNanos() - now;
    if (left <= 0) {
      refuse("a record took too long to arrive");
    } else {
      armDeadline(left);
    }
  }
}
