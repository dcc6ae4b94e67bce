package tidefs.rpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.base.Invariant;

/**
 * Serves remote programs on any number of addresses, which come and go. All connections share one
 * group of event loops. Methods may be called from any thread but the event loops.
 */
public final class RpcServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RpcServer.class);
  private static final int ACCEPT_QUEUE = 1024;

  private final ServerContext context;
  private final TlsPolicy tls;
  private volatile Admission admission = Admission.EVERYONE;
  private final Transport transport;
  private final EventLoopGroup loops;
  private final AtomicLong ids = new AtomicLong();
  private final Map<InetSocketAddress, Bound> bound = new ConcurrentHashMap<>();

  private record Bound(Channel channel, Listener listener) {}

  /**
   * A server that listens nowhere yet.
   *
   * @param threads how many event loops share the connections
   */
  public RpcServer(
      List<RpcProgram> programs, Limits limits, TlsPolicy tls, Clock clock, int threads) {
    this(programs, limits, tls, clock, threads, Transport.best());
  }

  /** The same with a transport, which is available. */
  public RpcServer(
      List<RpcProgram> programs,
      Limits limits,
      TlsPolicy tls,
      Clock clock,
      int threads,
      Transport transport) {
    context = new ServerContext(programs, limits, clock);
    this.tls = tls;
    this.transport = transport;
    loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("rpc"), transport.loops());
  }

  /**
   * Listens on {@code address}; port 0 asks for a free one.
   *
   * @return the address with the port that is listened on
   */
  public InetSocketAddress bind(InetSocketAddress address) throws BindFailure {
    Listener listener = new Listener(context, (at, from) -> admission.admits(at, from), tls, ids);
    Limits limits = context.limits();
    ChannelFuture binding =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.listener())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, ACCEPT_QUEUE)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(limits.replyBytesLow(), limits.replyBytesHigh()))
            .childHandler(listener)
            .bind(address)
            .awaitUninterruptibly();
    Throwable cause = binding.cause();
    if (cause != null) {
      throw new BindFailure(address, cause);
    }
    Channel channel = binding.channel();
    channel.pipeline().addLast(new AcceptFaults(context.clock()));
    InetSocketAddress actual = (InetSocketAddress) channel.localAddress();
    bound.put(actual, new Bound(channel, listener));
    log.atInfo()
        .addKeyValue("address", actual)
        .addKeyValue("transport", transport)
        .log("Listening");
    return actual;
  }

  /**
   * Stops to listen on {@code address}, as {@link #bind} returned it, and closes its connections.
   */
  public void unbind(InetSocketAddress address) {
    Bound gone = bound.remove(address);
    if (gone == null) {
      return;
    }
    gone.listener.stop();
    gone.channel.close().awaitUninterruptibly();
    List<ConnectionHandler> open = List.copyOf(gone.listener.open());
    CountDownLatch closed = closing(open);
    for (ConnectionHandler each : open) {
      each.connection().close("its address is no longer served");
    }
    await(closed, Duration.ofSeconds(1));
    log.atInfo().addKeyValue("address", address).log("No longer listening");
  }

  /** Lets {@code newAdmission} decide about connections from now on. */
  public void admit(Admission newAdmission) {
    admission = newAdmission;
  }

  /** The addresses that are listened on. */
  public List<InetSocketAddress> addresses() {
    return List.copyOf(bound.keySet());
  }

  /** The open connections. */
  public List<Connection> connections() {
    return handlers().stream().map(ConnectionHandler::connection).toList();
  }

  /** What the server has met. */
  public ServerCounters counters() {
    return context.counters();
  }

  /**
   * Stops: accepts and reads no more, lets calls in flight be answered for at most {@code limit},
   * closes.
   */
  public void stop(Duration limit) {
    for (Bound each : bound.values()) {
      each.listener.stop();
      each.channel.close().awaitUninterruptibly();
    }
    List<ConnectionHandler> open = handlers();
    CountDownLatch closed = closing(open);
    for (ConnectionHandler each : open) {
      each.connection().execute(each::drain);
    }
    if (!await(closed, limit)) {
      log.atWarn().addKeyValue("unanswered", closed.getCount()).log("Calls did not end in time");
    }
    bound.clear();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Stops without waiting for calls in flight. */
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  private List<ConnectionHandler> handlers() {
    List<ConnectionHandler> all = new ArrayList<>();
    for (Bound each : bound.values()) {
      all.addAll(each.listener.open());
    }
    return all;
  }

  private static CountDownLatch closing(List<ConnectionHandler> open) {
    CountDownLatch closed = new CountDownLatch(open.size());
    for (ConnectionHandler each : open) {
      each.connection().onClose(closed::countDown);
    }
    return closed;
  }

  private boolean await(CountDownLatch latch, Duration limit) {
    Invariant.check(!onLoop(), "the server is stopped from outside its event loops");
    try {
      return latch.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean onLoop() {
    for (var loop : loops) {
      if (loop.inEventLoop()) {
        return true;
      }
    }
    return false;
  }
}
