package tidefs.rpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.base.LogPace;

/**
 * Tells of connections that could not be accepted. Whoever waits for one goes on waiting, and is
 * tried again after a pause.
 */
final class AcceptFaults extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(AcceptFaults.class);

  private final LogPace pace;

  AcceptFaults(Clock clock) {
    pace = new LogPace(clock);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    pace.pass()
        .ifPresent(more ->
            log.atWarn()
                .addKeyValue("address", context.channel().localAddress())
                .addKeyValue("reason", cause.getMessage())
                .addKeyValue("others", more)
                .log("A connection cannot be accepted; is the limit of open files too low?"));
  }
}
