package tidefs.server.dns;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers queries over UDP and TCP on one address and port. */
final class DnsResponder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DnsResponder.class);
  private static final int IDLE_SECONDS = 10;
  private static final int BACKLOG = 128;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("dns", true), NioIoHandler.newFactory());
  private final DnsAnswers answers;
  private final List<Channel> channels = new ArrayList<>();

  /** A responder that is not open yet. */
  DnsResponder(DnsAnswers answers) {
    this.answers = answers;
  }

  /** Opens both ports; port 0 takes one that is free for both. Returns where they are. */
  InetSocketAddress open(InetSocketAddress address) throws IOException {
    Channel tcp =
        opened(
            new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(new OverTcp())
                .bind(address));
    InetSocketAddress bound = (InetSocketAddress) tcp.localAddress();
    opened(
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(new OverUdp())
            .bind(bound));
    log.atInfo().addKeyValue("address", bound).log("Names of file systems are answered");
    return bound;
  }

  private Channel opened(ChannelFuture opening) throws IOException {
    ChannelFuture done = opening.awaitUninterruptibly();
    Throwable problem = done.cause();
    if (problem != null) {
      throw new IOException(problem.getMessage(), problem);
    }
    channels.add(done.channel());
    return done.channel();
  }

  private final class OverTcp extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      channel
          .pipeline()
          .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
          .addLast(new TcpDnsQueryDecoder())
          .addLast(new TcpDnsResponseEncoder())
          .addLast(
              new SimpleChannelInboundHandler<DefaultDnsQuery>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, DefaultDnsQuery query) {
                  var client = ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
                  var reply = new DefaultDnsResponse(query.id(), query.opCode());
                  var _ = context.writeAndFlush(answers.fill(reply, query, client));
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                  var _ = context.close(); // Bad bytes, or silence.
                }
              });
    }
  }

  private final class OverUdp extends ChannelInitializer<DatagramChannel> {
    @Override
    protected void initChannel(DatagramChannel channel) {
      channel
          .pipeline()
          .addLast(new DatagramDnsQueryDecoder())
          .addLast(new DatagramDnsResponseEncoder())
          .addLast(
              new SimpleChannelInboundHandler<DatagramDnsQuery>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
                  var reply =
                      new DatagramDnsResponse(
                          /* sender= */ query.recipient(),
                          /* recipient= */ query.sender(),
                          query.id(),
                          query.opCode());
                  var _ =
                      context.writeAndFlush(
                          answers.fill(reply, query, query.sender().getAddress()));
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                  log.atDebug().setCause(cause).log("Datagram is no query");
                }
              });
    }
  }

  @Override
  public void close() {
    channels.forEach(channel -> channel.close().awaitUninterruptibly());
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
