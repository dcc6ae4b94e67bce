package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;

/**
 * Looks at the first byte of a connection, and leaves the pipeline: a TLS handshake record starts
 * with 0x16, which as a record mark would announce a fragment of 352 MiB.
 */
final class TlsSniffer extends ChannelInboundHandlerAdapter {
  private static final int TLS_HANDSHAKE = 0x16;

  private final TlsPolicy policy;
  private final Connection connection;
  private final RecordAllocator receiveAllocator;
  private boolean refused;

  TlsSniffer(TlsPolicy policy, Connection connection, RecordAllocator receiveAllocator) {
    this.policy = policy;
    this.connection = connection;
    this.receiveAllocator = receiveAllocator;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (refused) {
      in.release();
      return;
    }
    if (in.getUnsignedByte(in.readerIndex()) != TLS_HANDSHAKE) {
      context.pipeline().remove(this); // First: the call in it may ask for TLS, and for another.
      context.fireChannelRead(in);
      return;
    }
    Optional<String> refusal = policy.begin(context.pipeline());
    if (refusal.isPresent()) {
      refused = true;
      in.release();
      connection.close(refusal.get());
      return;
    }
    receiveAllocator.encrypted();
    context.pipeline().remove(this);
    context.pipeline().fireChannelRead(in);
  }
}
