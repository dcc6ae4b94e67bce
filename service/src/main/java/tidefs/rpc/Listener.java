package tidefs.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.LogPace;

/** What becomes of the connections that one address accepts. */
final class Listener extends ChannelInitializer<Channel> {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  private final ServerContext server;
  private final Admission admission;
  private final TlsPolicy tls;
  private final AtomicLong ids;
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean stopped;
  private final LogPace refusals;
  private final Set<ConnectionHandler> open = ConcurrentHashMap.newKeySet();

  Listener(ServerContext server, Admission admission, TlsPolicy tls, AtomicLong ids) {
    this.server = server;
    this.admission = admission;
    this.tls = tls;
    this.ids = ids;
    refusals = new LogPace(server.clock());
  }

  /** Lets connections that are being accepted yet be closed. */
  void stop() {
    stopped = true;
  }

  /** The open connections, as they come and go. */
  Set<ConnectionHandler> open() {
    return open;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (channel.remoteAddress() == null || channel.localAddress() == null) {
      var _ = channel.close(); // The peer was gone before we looked.
      return;
    }
    boolean admitted =
        !(channel.localAddress() instanceof InetSocketAddress address)
            || !(channel.remoteAddress() instanceof InetSocketAddress client)
            || admission.admits(address, client);
    if (!admitted) {
      server.counters().connectionRefused();
      refusals
          .pass()
          .ifPresent(more ->
              log.atWarn()
                  .addKeyValue("client", channel.remoteAddress())
                  .addKeyValue("address", channel.localAddress())
                  .addKeyValue("others", more)
                  .log("Connection refused: no rule of the address's security groups admits it"));
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      var _ = channel.close();
      return;
    }
    if (count.incrementAndGet() > server.limits().connections()) {
      count.decrementAndGet();
      server.counters().connectionRefused();
      refusals
          .pass()
          .ifPresent(more ->
              log.atWarn()
                  .addKeyValue("client", channel.remoteAddress())
                  .addKeyValue("limit", server.limits().connections())
                  .addKeyValue("others", more)
                  .log("Connection refused: the listener has too many"));
      var _ = channel.close();
      return;
    }
    SameMachine.tune(channel);
    RecordAssembler assembler =
        new RecordAssembler(channel.alloc(), server.limits(), server.assembly());
    RecordAllocator receiveAllocator = new RecordAllocator(assembler);
    channel.config().setRecvByteBufAllocator(receiveAllocator);
    ConnectionHandler handler =
        new ConnectionHandler(channel, ids.incrementAndGet(), assembler, server);
    Connection connection = handler.connection();
    open.add(handler);
    connection.onClose(() -> {
      open.remove(handler);
      count.decrementAndGet();
    });
    server.counters().connectionAccepted();
    channel.pipeline().addLast(new TlsSniffer(tls, connection, receiveAllocator), handler);
    connection.onTlsWanted(() -> expectTls(channel, connection, receiveAllocator));
    server.programs().opened(connection);
    if (stopped) {
      connection.close("its address is no longer served");
    }
  }

  /** What comes next may be a handshake, unless there was one or there cannot be. */
  private boolean expectTls(Channel channel, Connection connection, RecordAllocator allocator) {
    if (tls.equals(TlsPolicy.REFUSE) || channel.pipeline().get(SslHandler.class) != null) {
      return false;
    }
    if (channel.pipeline().get(TlsSniffer.class) == null) {
      channel.pipeline().addFirst(new TlsSniffer(tls, connection, allocator));
    }
    return true;
  }
}
