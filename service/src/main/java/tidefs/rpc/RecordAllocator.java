package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Decides where a read of the socket goes: into the large record that is being assembled, or into a
 * fresh buffer of about the size that reads have had of late.
 */
final class RecordAllocator implements RecvByteBufAllocator {
  private static final int MIN_READ_BYTES = 512;
  private static final int FIRST_READ_BYTES = 2 << 10;
  private static final int MAX_READ_BYTES = 256 << 10;

  private static final AdaptiveRecvByteBufAllocator ADAPTIVE =
      new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES);

  private final RecordAssembler assembler;

  private boolean encrypted;

  RecordAllocator(RecordAssembler assembler) {
    this.assembler = assembler;
  }

  /** What the socket delivers are no longer records themselves. */
  void encrypted() {
    encrypted = true;
  }

  @Override
  @SuppressWarnings("deprecation") // The interface itself returns the deprecated type.
  public Handle newHandle() {
    return new Target((ExtendedHandle) ADAPTIVE.newHandle());
  }

  private final class Target implements ExtendedHandle {
    private final ExtendedHandle adaptive;

    Target(ExtendedHandle adaptive) {
      this.adaptive = adaptive;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      ByteBuf record = encrypted ? null : assembler.receiver();
      return record != null ? record.retain() : adaptive.allocate(allocator);
    }

    @Override
    public int guess() {
      return adaptive.guess();
    }

    @Override
    public void reset(ChannelConfig config) {
      adaptive.reset(config);
    }

    @Override
    public void incMessagesRead(int messages) {
      adaptive.incMessagesRead(messages);
    }

    @Override
    public void lastBytesRead(int bytes) {
      adaptive.lastBytesRead(bytes);
    }

    @Override
    public int lastBytesRead() {
      return adaptive.lastBytesRead();
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      adaptive.attemptedBytesRead(bytes);
    }

    @Override
    public int attemptedBytesRead() {
      return adaptive.attemptedBytesRead();
    }

    @Override
    public boolean continueReading() {
      return adaptive.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return adaptive.continueReading(maybeMoreData);
    }

    @Override
    public void readComplete() {
      adaptive.readComplete();
    }
  }
}
