package tidefs.rpc;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/** The machine's way to do network I/O. */
enum Transport {
  EPOLL(EpollServerSocketChannel.class) {
    @Override
    IoHandlerFactory loops() {
      return SpinningIoHandler.around(EpollIoHandler.newFactory());
    }
  },
  NIO(NioServerSocketChannel.class) {
    @Override
    IoHandlerFactory loops() {
      return NioIoHandler.newFactory();
    }
  };

  private final Class<? extends ServerChannel> listener;

  Transport(Class<? extends ServerChannel> listener) {
    this.listener = listener;
  }

  /** The best that loads here. */
  static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /** Makes the I/O halves of event loops. */
  abstract IoHandlerFactory loops();

  /** The class of listening channels. */
  Class<? extends ServerChannel> listener() {
    return listener;
  }
}
