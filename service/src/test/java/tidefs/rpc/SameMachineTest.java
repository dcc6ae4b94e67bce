package tidefs.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class SameMachineTest {
  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"IO_URING", "EPOLL"})
  void connectionsFromThisMachineAreNotPaced(Transport transport) throws Exception {
    assumeThat(transport.isAvailable()).isTrue();
    var used = new CompletableFuture<String>();
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, transport.loops());
    try {
      Channel listener =
          new ServerBootstrap()
              .group(loops)
              .channel(transport.listener())
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      SameMachine.tune(channel);
                      used.complete(congestionControl(channel));
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      var at = (InetSocketAddress) listener.localAddress();
      try (var _ = new Socket(at.getAddress(), at.getPort())) {
        assertThat(used.get(10, TimeUnit.SECONDS)).isEqualTo("reno");
      }
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  private static String congestionControl(Channel channel) {
    ByteBuffer name = channel.config().getOption(SameMachine.CONGESTION_CONTROL);
    return US_ASCII.decode(name).toString();
  }

  @Test
  void channelsOfOtherKindsStayAsTheyAre() {
    var channel = new EmbeddedChannel();
    SameMachine.tune(channel);
    assertThat(channel.isOpen()).isTrue();
    channel.close();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.1.4, 127.0.0.1, true",
    "::1, ::1, true",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "2001:db8::1, 2001:db8::2, false"
  })
  void aPeerIsHereByItsAddress(String local, String remote, boolean here) throws Exception {
    assertThat(SameMachine.isHere(address(local), address(remote))).isEqualTo(here);
  }

  private static InetSocketAddress address(String literal) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(literal), 2049);
  }
}
