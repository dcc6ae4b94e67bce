package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tidefs.base.Cork;

/**
 * The replies of one connection on their way out. On the event loop, replies are encoded one behind
 * the other into the <i>batch</i>; it is handed to the channel when it is large or the loop has
 * consumed what it read. A call that is answered later takes its reply out of the batch. Calls
 * answered on other threads queue here, and one task fetches them all.
 *
 * <p>Everything but {@link #sendFromElsewhere} belongs to the event loop.
 */
final class Outbound {
  /**
   * A batch of this size goes to the socket without waiting for the end of the read: its bytes are
   * still in the processor's cache, and the peer has work to do while the next are fetched.
   */
  private static final int FULL_BATCH_BYTES = 256 << 10;

  private static final int SMALL_BATCH_BYTES = 1 << 10;

  /** A reply that waits is copied out of the batch up to this size. */
  private static final int COPIED_BYTES = 16 << 10;

  private final Channel channel;
  private final BusyLoops loops;
  private final Queue<RpcCall> finished = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean fetching = new AtomicBoolean();

  private @Nullable ByteBuf batch;

  /** The call that is writing its reply at the end of the batch. */
  private @Nullable RpcCall writing;

  /** How large batches were of late: what the next one is allocated for. */
  private int usualBytes = SMALL_BATCH_BYTES;

  private int batchBytes;
  private boolean reading;
  private boolean unflushed;
  private boolean flushScheduled;

  private long bytesOut;
  private volatile long publishedBytesOut;

  Outbound(Channel channel, BusyLoops loops) {
    this.channel = channel;
    this.loops = loops;
  }

  /** Bytes written so far, as of the last flush. From any thread. */
  long bytesOut() {
    return publishedBytesOut;
  }

  /** Whether a call may write its reply into the batch. */
  boolean isFree() {
    return writing == null;
  }

  /** The batch, for {@code call} alone until it ends or is detached. */
  ByteBuf begin(RpcCall call, int expectedBytes) {
    ByteBuf into = batch;
    if (into != null && into.isReadable() && into.writableBytes() < expectedBytes) {
      write(into);
      into = null;
    }
    if (into == null) {
      into = channel.alloc().directBuffer(Math.max(expectedBytes, usualBytes));
      batch = into;
    }
    writing = call;
    return into;
  }

  /** The call that writes into the batch has ended its reply, whose bytes end in {@code whole}. */
  void end(ByteBuf whole, int replyBytes) {
    writing = null;
    batchBytes += replyBytes;
    boolean full = whole.readableBytes() >= FULL_BATCH_BYTES;
    if (full || !isBatch(whole)) {
      batch = null;
      write(whole);
    }
    if (full) {
      flushChannel();
    }
    flushSoon();
  }

  /**
   * Leaves the batch to the call that writes its reply at {@code start} of it. What is before it
   * leaves for the channel as a copy, for the call may yet move the buffer by growing it.
   */
  void detach(ByteBuf begun, int start) {
    writing = null;
    batch = null;
    int from = begun.readerIndex();
    if (start > from) {
      ByteBuf earlier = channel.alloc().directBuffer(start - from);
      write(earlier.writeBytes(begun, from, start - from));
      flushSoon();
    }
  }

  /**
   * Takes the complete reply that starts at {@code start} out of the batch. No slice of the batch
   * is handed out: the next call in it may take the buffer to another thread and move it by growing
   * it. So a small reply leaves as a copy and the batch continues; a large one takes the buffer.
   *
   * @param whole the batch, or what became of it
   * @return the reply in a buffer of its own
   */
  ByteBuf hold(ByteBuf whole, int start) {
    int bytes = whole.writerIndex() - start;
    if (isBatch(whole) && bytes <= COPIED_BYTES) {
      writing = null;
      ByteBuf own = channel.alloc().directBuffer(bytes).writeBytes(whole, start, bytes);
      whole.writerIndex(start);
      return own;
    }
    detach(whole, start);
    return whole.readerIndex(start);
  }

  /** Forgets the reply that starts at {@code start}. */
  void abandon(ByteBuf whole, int start) {
    writing = null;
    whole.writerIndex(start);
    if (!isBatch(whole)) {
      batch = null;
      write(whole);
      flushSoon();
    }
  }

  /** Sends a reply or call that has a buffer of its own. */
  void send(ByteBuf message) {
    write(message);
    flushSoon();
  }

  /** Sends the reply of a call that has a buffer of its own, from a thread that is not the loop. */
  void sendFromElsewhere(RpcCall call) {
    finished.add(call);
    if (!fetching.compareAndSet(false, true)) {
      return;
    }
    try {
      channel.eventLoop().execute(this::fetch);
    } catch (RejectedExecutionException closing) {
      releaseFinished();
    }
  }

  /** A read of the socket begins: no flush until {@link #endRead}, and nobody is woken. */
  void beginRead() {
    if (!reading) {
      reading = true;
      loops.begin();
      Cork.put();
    }
  }

  /** The read is consumed: everything leaves. */
  void endRead() {
    readEnded();
    flush();
  }

  private void readEnded() {
    if (reading) {
      reading = false;
      Cork.pull(); // First: what others do takes longer.
      loops.end();
    }
  }

  /** Whether there are processors for threads that work beside the event loops. */
  boolean leavesProcessors() {
    return loops.areFew();
  }

  /** Gives everything to the channel and the channel to the socket. */
  void flush() {
    RpcCall open = writing;
    if (open != null) {
      open.detach();
    }
    ByteBuf last = batch;
    if (last != null) {
      batch = null;
      if (last.isReadable()) {
        write(last);
      } else {
        last.release();
      }
    }
    usualBytes = usual(usualBytes, batchBytes);
    batchBytes = 0;
    flushChannel();
  }

  private void flushChannel() {
    if (unflushed) {
      unflushed = false;
      publishedBytesOut = bytesOut;
      channel.flush();
    }
  }

  /** The connection is gone. */
  void close() {
    readEnded();
    RpcCall open = writing;
    if (open != null) {
      open.detach();
    }
    ByteBuf last = batch;
    batch = null;
    if (last != null) {
      last.release();
    }
  }

  /** Moves towards {@code latest}: up at once, down by halves. */
  private static int usual(int before, int latest) {
    int target = latest <= SMALL_BATCH_BYTES ? SMALL_BATCH_BYTES : roundUp(latest);
    return Math.min(Math.max(target, before / 2), FULL_BATCH_BYTES);
  }

  private static int roundUp(int bytes) {
    return bytes >= FULL_BATCH_BYTES ? FULL_BATCH_BYTES : Integer.highestOneBit(bytes - 1) << 1;
  }

  private void flushSoon() {
    if (!reading && !flushScheduled) {
      flushScheduled = true;
      channel.eventLoop().execute(this::scheduledFlush);
    }
  }

  private void scheduledFlush() {
    flushScheduled = false;
    flush();
  }

  private void fetch() {
    fetching.set(false);
    for (RpcCall call = finished.poll(); call != null; call = finished.poll()) {
      call.fetched();
    }
    if (!reading) {
      flush();
    }
  }

  private void releaseFinished() {
    for (RpcCall call = finished.poll(); call != null; call = finished.poll()) {
      call.releaseReply();
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean isBatch(ByteBuf buffer) {
    return buffer == batch;
  }

  private void write(ByteBuf message) {
    unflushed = true;
    bytesOut += message.readableBytes();
    var _ = channel.write(message, channel.voidPromise());
  }
}
