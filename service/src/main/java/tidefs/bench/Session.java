package tidefs.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A connection with a client and a session of its own (RFC 8881 §2.10). Compounds are written one
 * behind the other and sent together. Not for concurrent use.
 */
final class Session implements AutoCloseable {
  static final int SLOT_MASK = 0x3ff;
  private static final int SLOT_BITS = 10;
  private static final int HEADER_BYTES = 16 << 10;
  private static final int LISTING_BYTES = 128 << 10;
  private static final int LAST_FRAGMENT = 1 << 31;
  private static final int MARK_BYTES = 4;

  private final SocketChannel channel;
  private final ByteBuffer out;
  private final ByteBuffer in;
  private final int[] sequences;
  private final int largestMessage;
  private byte[] session = {};
  private int calls;
  private int recordAt;

  /** The client's number. */
  final long client;

  /** Connects as client {@code name} with {@code depth} slots, for I/O of {@code ioBytes}. */
  Session(InetSocketAddress server, String name, int depth, int ioBytes) throws IOException {
    largestMessage = Math.max(ioBytes, LISTING_BYTES) + HEADER_BYTES;
    channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    out = ByteBuffer.allocateDirect((depth + 1) * (ioBytes + 1024));
    in = ByteBuffer.allocateDirect(2 * largestMessage).limit(0);
    sequences = new int[depth];
    bare(1)
        .int32(Code.EXCHANGE_ID)
        .int64(System.identityHashCode(this))
        .text(name)
        .int32(0)
        .int32(0)
        .int32(0);
    Reply known = answer();
    client = known.client;
    channelAttributes(
        bare(1).int32(Code.CREATE_SESSION).int64(client).int32(known.sequence).int32(0), depth);
    Reply made = answer();
    session = made.session;
    if (made.slots < depth) {
      throw new BenchFailure("the server grants " + made.slots + " slots");
    }
    begin(0, 1).int32(Code.RECLAIM_COMPLETE).int32(0);
    Reply _ = answer();
  }

  private void channelAttributes(Message message, int depth) {
    for (int side = 0; side < 2; side++) {
      message.int32(0).int32(largestMessage).int32(largestMessage).int32(1 << 10);
      message.int32(16).int32(side == 0 ? depth : 1).int32(0);
    }
    message.int32(0x4000_0000).int32(1).int32(0);
  }

  /** The compound at the end of what will be sent, without SEQUENCE. */
  private Message bare(int operations) {
    return header(0, operations);
  }

  /** Begins a compound in {@code slot} of so many operations besides SEQUENCE. */
  Message begin(int slot, int operations) {
    return header(slot, operations + 1)
        .int32(Code.SEQUENCE)
        .fixed(session)
        .int32(++sequences[slot])
        .int32(slot)
        .int32(sequences.length - 1)
        .int32(0);
  }

  private Message header(int slot, int operations) {
    endRecord();
    recordAt = out.position();
    Message message = new Message(out).int32(0);
    message.int32(++calls << SLOT_BITS | slot).int32(0).int32(2).int32(100_003).int32(4).int32(1);
    byte[] machine = "bench".getBytes(StandardCharsets.UTF_8);
    message.int32(1).int32(4 * Integer.BYTES + 12).int32(1).opaque(machine);
    message.int32(0).int32(0).int32(0).int32(0).int32(0);
    return message.int32(0).int32(1).int32(operations);
  }

  private void endRecord() {
    if (out.position() > recordAt) {
      out.putInt(recordAt, LAST_FRAGMENT | (out.position() - recordAt - MARK_BYTES));
      recordAt = out.position();
    }
  }

  /** Sends what was begun. */
  void flush() {
    endRecord();
    out.flip();
    try {
      while (out.hasRemaining()) {
        int _ = channel.write(out);
      }
    } catch (IOException e) {
      throw new BenchFailure("the connection broke", e);
    }
    out.clear();
    recordAt = 0;
  }

  /** Sends what was begun and waits for one answer, which has to be OK. */
  Reply answer() {
    flush();
    Reply reply = next();
    if (reply.status != Code.OK) {
      throw new BenchFailure("the server answered with status " + reply.status);
    }
    return reply;
  }

  /** The next reply; waits for it. */
  Reply next() {
    Reply reply = poll();
    while (reply == null) {
      receive();
      reply = poll();
    }
    return reply;
  }

  /** The next reply if it has arrived. */
  @Nullable Reply poll() {
    if (in.remaining() < MARK_BYTES) {
      return null;
    }
    int mark = in.getInt(in.position());
    int length = mark & ~LAST_FRAGMENT;
    if (mark >= 0 || length > largestMessage) {
      throw new BenchFailure("a reply is in fragments, or too large");
    }
    if (in.remaining() < MARK_BYTES + length) {
      return null;
    }
    ByteBuffer record = in.slice(in.position() + MARK_BYTES, length);
    in.position(in.position() + MARK_BYTES + length);
    return new Reply(record);
  }

  private void receive() {
    if (in.capacity() - in.limit() < largestMessage) {
      in.compact().flip();
    }
    int from = in.position();
    int end = in.limit();
    in.limit(in.capacity()).position(end);
    try {
      if (channel.read(in) < 0) {
        throw new BenchFailure("the server closed the connection");
      }
    } catch (IOException e) {
      throw new BenchFailure("the connection broke", e);
    }
    in.limit(in.position()).position(from);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
