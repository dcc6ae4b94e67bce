package tidefs.rpc;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.xdr.XdrWriter;

/**
 * A client's TCP connection. It belongs to one event loop; methods may be called from any thread
 * unless they say otherwise.
 */
public final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  private final long id;
  private final Channel channel;
  private final InetSocketAddress localAddress;
  private final InetSocketAddress remoteAddress;
  private final ConnectionHandler handler;
  private final Outbound outbound;
  private final BackChannel backChannel = new BackChannel(this);
  private final List<Runnable> closeListeners = new ArrayList<>();
  private boolean closed;
  private BooleanSupplier tlsWanted = () -> false;
  private volatile @Nullable Object attachment;

  Connection(long id, Channel channel, ConnectionHandler handler, Outbound outbound) {
    this.id = id;
    this.channel = channel;
    this.handler = handler;
    this.outbound = outbound;
    localAddress = (InetSocketAddress) channel.localAddress();
    remoteAddress = (InetSocketAddress) channel.remoteAddress();
  }

  /** A number that no other connection of this server has had. */
  public long id() {
    return id;
  }

  /** The address and port that the client connected to. */
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  /** The address and port of the client. */
  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  /** What the program has attached. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Attaches the program's state of this connection. */
  public void attach(@Nullable Object state) {
    attachment = state;
  }

  /**
   * What the TLS handshake told of the client; empty without TLS. From the first call on it does
   * not change.
   */
  public Optional<TlsPeer> tls() {
    return Optional.ofNullable(channel.pipeline().get(SslHandler.class)).map(TlsTermination::peer);
  }

  /** What to do when the client asks for TLS; false if it cannot have it. On the event loop. */
  void onTlsWanted(BooleanSupplier action) {
    tlsWanted = action;
  }

  /** The client asks for TLS; whether it may begin. On the event loop. */
  boolean expectTls() {
    return tlsWanted.getAsBoolean();
  }

  /** Whether the connection has not been closed by either side. */
  public boolean isOpen() {
    return channel.isActive();
  }

  /** Closes the connection; the constant text {@code reason} is logged. */
  public void close(String reason) {
    if (channel.isOpen()) {
      log.atInfo()
          .addKeyValue("connection", id)
          .addKeyValue("client", remoteAddress)
          .addKeyValue("reason", reason)
          .log("Connection closed by the server");
      var _ = channel.close();
    }
  }

  /** Runs {@code listener} on the event loop when the connection closes, or has closed. */
  public void onClose(Runnable listener) {
    if (!inEventLoop()) {
      execute(() -> onClose(listener));
    } else if (closed) {
      listener.run();
    } else {
      closeListeners.add(listener);
    }
  }

  /** Runs {@code task} on the event loop, after what runs now. */
  public void execute(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException stopped) {
      log.atDebug().addKeyValue("connection", id).log("Task dropped: the server has stopped");
    }
  }

  /** Whether the current thread is the event loop of this connection. */
  public boolean inEventLoop() {
    return channel.eventLoop().inEventLoop();
  }

  /** Whether there are processors for threads that work beside the event loops. */
  public boolean leavesProcessors() {
    return outbound.leavesProcessors();
  }

  /** Where buffers for replies come from. */
  public ByteBufAllocator allocator() {
    return channel.alloc();
  }

  /**
   * Calls the client over this connection. Arguments are encoded on the event loop; the mark is
   * already written, positions are the writer's own.
   */
  public void call(CallbackTarget target, Consumer<XdrWriter> arguments, ReplyHandler handler) {
    if (inEventLoop()) {
      backChannel.call(target, arguments, handler);
    } else {
      execute(() -> backChannel.call(target, arguments, handler));
    }
  }

  /** Bytes received so far, as of the last read. */
  public long bytesIn() {
    return handler.bytesIn();
  }

  /** Bytes of replies handed to the socket's queue so far, as of the last flush. */
  public long bytesOut() {
    return outbound.bytesOut();
  }

  /** Calls received so far, as of the last read. */
  public long calls() {
    return handler.calls();
  }

  EventLoop executor() {
    return channel.eventLoop();
  }

  Outbound outbound() {
    return outbound;
  }

  BackChannel backChannel() {
    return backChannel;
  }

  /** A call will be answered later. On the event loop. */
  void callDeferred() {
    handler.callDeferred();
  }

  /** A deferred call was answered. On the event loop. */
  void callAnswered() {
    handler.callAnswered();
  }

  /** The channel is closed. On the event loop. */
  void closed() {
    closed = true;
    backChannel.close();
    for (Runnable listener : closeListeners) {
      listener.run();
    }
    closeListeners.clear();
  }

  @Override
  public String toString() {
    return id + " " + remoteAddress;
  }
}
