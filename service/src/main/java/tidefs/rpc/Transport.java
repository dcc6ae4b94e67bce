package tidefs.rpc;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.util.Arrays;

/** A way to do network I/O; the best one first. */
public enum Transport {
  /** Linux's io_uring: one system call for many sockets. Containers often forbid it. */
  IO_URING(IoUringServerSocketChannel.class) {
    @Override
    public boolean isAvailable() {
      return IoUring.isAvailable();
    }

    @Override
    IoHandlerFactory loops() {
      return SpinningIoHandler.around(IoUringIoHandler.newFactory());
    }
  },
  /** Linux's epoll. */
  EPOLL(EpollServerSocketChannel.class) {
    @Override
    public boolean isAvailable() {
      return Epoll.isAvailable();
    }

    @Override
    IoHandlerFactory loops() {
      return SpinningIoHandler.around(EpollIoHandler.newFactory());
    }
  },
  /** The JDK's channels, which work everywhere. */
  NIO(NioServerSocketChannel.class) {
    @Override
    public boolean isAvailable() {
      return true;
    }

    @Override
    IoHandlerFactory loops() {
      return NioIoHandler.newFactory();
    }
  };

  static {
    // One accept for many connections does not pause when descriptors run out: it fails again at
    // once, without end.
    System.setProperty("io.netty.iouring.acceptMultiShotEnabled", "false");
  }

  private final Class<? extends ServerChannel> listener;

  Transport(Class<? extends ServerChannel> listener) {
    this.listener = listener;
  }

  /** The best that is available. */
  public static Transport best() {
    return Arrays.stream(values()).filter(Transport::isAvailable).findFirst().orElse(NIO);
  }

  /** Whether this machine has it and lets this process use it. */
  public abstract boolean isAvailable();

  /** Makes the I/O halves of event loops. */
  abstract IoHandlerFactory loops();

  /** The class of listening channels. */
  Class<? extends ServerChannel> listener() {
    return listener;
  }
}
