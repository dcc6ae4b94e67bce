package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The buffers in which replies leave, without a server around them. */
final class OutboundTest {
  private static final int EARLIER_BYTES = 1_000;

  /** Another thread may answer a call that waits, and make room for its reply meanwhile. */
  @ParameterizedTest
  @ValueSource(ints = {100, 16 << 10, 32 << 10})
  void aReplyThatWaitsSharesNoBufferWithOthers(int bytes) {
    EmbeddedChannel channel = new EmbeddedChannel();
    Outbound outbound = new Outbound(channel, new BusyLoops());
    ByteBuf batch = begin(outbound);
    batch.writeBytes(new byte[EARLIER_BYTES]); // Replies that have ended.
    int start = batch.writerIndex();
    batch.writeBytes(new byte[bytes]).setByte(start, 7);
    ByteBuf held = outbound.hold(batch, start);
    ByteBuf next = begin(outbound);
    next.writeByte(9).capacity(next.capacity() * 4).writeZero(next.writableBytes());
    assertThat(held.readableBytes()).isEqualTo(bytes);
    assertThat(held.getByte(held.readerIndex())).isEqualTo((byte) 7);
    assertThat(held.refCnt()).isEqualTo(1);
    assertThat(held.memoryAddress()).isNotEqualTo(next.memoryAddress());
    held.release();
    outbound.close();
    channel.finishAndReleaseAll();
  }

  /** The call itself does not matter: only that someone writes. */
  @SuppressWarnings({"NullAway", "DataFlowIssue"})
  private static ByteBuf begin(Outbound outbound) {
    return outbound.begin(null, 64);
  }
}
