package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.uring.IoUring;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tidefs.base.Clock;

final class TransportTest {
  @Test
  void theBestIsAvailable() {
    assertThat(Transport.best().isAvailable()).isTrue();
    assertThat(Transport.NIO.isAvailable()).isTrue();
  }

  @Test
  void acceptingPausesWhenItFails() {
    assumeThat(Transport.IO_URING.isAvailable()).isTrue();
    assertThat(IoUring.isAcceptMultishotEnabled()).isFalse();
  }

  @Test
  void whatCannotBeAcceptedIsToldAndEndsNothing() {
    var listening = new EmbeddedChannel(new AcceptFaults(Clock.system()));
    listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    listening.checkException();
    assertThat(listening.isOpen()).isTrue();
    listening.close();
  }
}
