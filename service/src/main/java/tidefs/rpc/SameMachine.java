package tidefs.rpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections with a peer on this machine. There is no network between that could be congested, yet
 * a congestion control that paces, as BBR does, sets a timer for each segment all the same, and
 * waits for it: large replies lose a third of their rate. So these use Reno, which every Linux has
 * and which does not pace, whatever the machine uses otherwise.
 */
final class SameMachine {
  private static final Logger log = LoggerFactory.getLogger(SameMachine.class);

  /** {@code IPPROTO_TCP} and {@code TCP_CONGESTION} of Linux. */
  private static final int LEVEL = 6;

  private static final int OPTION = 13;

  private static final byte[] RENO = "reno".getBytes(StandardCharsets.US_ASCII);

  static final RawUnixChannelOption CONGESTION_CONTROL =
      new RawUnixChannelOption("tidefs.TCP_CONGESTION", LEVEL, OPTION, RENO.length);

  private SameMachine() {}

  /** Does what is to be done for a connection that was accepted, if its peer is here. */
  static void tune(Channel channel) {
    if (channel instanceof SocketChannel socket
        && isHere(socket.localAddress(), socket.remoteAddress())) {
      try {
        socket.config().setOption(CONGESTION_CONTROL, ByteBuffer.wrap(RENO));
      } catch (ChannelException e) { // It is gone, or a policy forbids it: no need of it.
        log.atDebug().setCause(e).log("Congestion control stays as it is");
      }
    }
  }

  /** Whether a connection between the two stays on this machine. */
  static boolean isHere(InetSocketAddress local, InetSocketAddress remote) {
    InetAddress peer = remote.getAddress();
    return peer.isLoopbackAddress() || peer.equals(local.getAddress());
  }
}
