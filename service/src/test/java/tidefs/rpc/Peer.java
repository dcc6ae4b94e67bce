package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.base.Clock;
import tidefs.base.LogPace;

/** A client on a channel in memory: what it sends arrives in exactly the pieces it sends. */
final class Peer implements AutoCloseable {
  final TestProgram program = new TestProgram();
  final ServerCounters counters = new ServerCounters();
  final AssemblyBudget budget;
  final EmbeddedChannel channel;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  Peer(Limits limits) {
    this(limits, Limits.ASSEMBLY_BYTES);
  }

  Peer(Limits limits, long assemblyBytes) {
    budget = new AssemblyBudget(assemblyBytes);
    var context =
        new ServerContext(
            new Programs(List.of(program)),
            limits,
            Clock.system(),
            counters,
            budget,
            new LogPace(Clock.system()),
            new BusyLoops());
    channel =
        new Addressed(
            new Listener(context, Admission.EVERYONE, TlsPolicy.REFUSE, new AtomicLong()));
  }

  void send(byte[] bytes) {
    if (channel.isOpen()) {
      channel.writeInbound(channel.alloc().directBuffer(bytes.length).writeBytes(bytes));
    }
  }

  /** Sends {@code bytes} in pieces of {@code length}. */
  void sendInPieces(byte[] bytes, int length) {
    for (int at = 0; at < bytes.length; at += length) {
      send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + length)));
    }
  }

  /** The records received since the last time. */
  List<byte[]> records() {
    channel.runPendingTasks();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      received.writeBytes(ByteBufUtil.getBytes(out));
      out.release();
    }
    ByteBuffer all = ByteBuffer.wrap(received.toByteArray());
    received.reset();
    List<byte[]> records = new ArrayList<>();
    while (all.hasRemaining()) {
      byte[] record = new byte[all.getInt() & 0x7fff_ffff];
      all.get(record);
      records.add(record);
    }
    return records;
  }

  boolean isOpen() {
    channel.runPendingTasks();
    return channel.isOpen();
  }

  @Override
  public void close() {
    channel.close();
    channel.runPendingTasks();
    channel.releaseOutbound();
  }

  private static final class Addressed extends EmbeddedChannel {
    Addressed(Listener listener) {
      super(listener);
    }

    @Override
    protected SocketAddress localAddress0() {
      return new InetSocketAddress("127.0.0.1", 2049);
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return new InetSocketAddress("127.0.0.1", 700);
    }
  }
}
