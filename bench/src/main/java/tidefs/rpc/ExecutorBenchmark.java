package tidefs.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.fs.Stability;
import tidefs.nfs4.Export;
import tidefs.nfs4.NfsProgram;
import tidefs.nfs4.Throttle;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.store.StoreResources;
import tidefs.testkit.FileSystemRig;
import tidefs.xdr.XdrWriter;

/**
 * All that an event loop does between a read of the socket and a write to it: records, calls,
 * COMPOUNDs of 4.1, and replies in batches of 32. The contents are in memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExecutorBenchmark {
  private static final int DEPTH = 32;
  private static final int NFS = 100_003;
  private static final int EXCHANGE_ID = 42;
  private static final int CREATE_SESSION = 43;
  private static final int SEQUENCE = 53;
  private static final int PUTFH = 22;
  private static final int READ = 25;
  private static final int GETATTR = 9;
  private static final int BLOCK_BYTES = 4096;

  /** Bytes of the session's name, and where SEQUENCE's number stands in a request. */
  private static final int SESSION_BYTES = 16;

  private static final int NUMBER_AT = 64 + 16 + SESSION_BYTES;

  /** Where the first result of a reply has its body: behind mark, header, status and tag. */
  private static final int BODY_AT = 28 + 20;

  private Path directory;
  private StoreResources resources;
  private FileSystemRig rig;
  private EmbeddedChannel channel;
  private ByteBuf reads;
  private ByteBuf attributes;
  private int number;

  /** A channel that has addresses. */
  private static final class Channel extends EmbeddedChannel {
    @Override
    protected SocketAddress localAddress0() {
      return InetSocketAddress.createUnresolved("server", 2049);
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return InetSocketAddress.createUnresolved("client", 1);
    }
  }

  /** Serves a file. */
  @Setup
  public void open() throws Exception {
    directory = Files.createTempDirectory("jmh");
    resources = new StoreResources(64L << 20);
    rig = new FileSystemRig(directory, resources, 1);
    FileSystem fs = rig.fs();
    Operation operation = new Operation(tidefs.fs.Credentials.ROOT, Blocking.ALLOWED);
    byte[] name = FileSystemRig.name("file");
    Inode file =
        fs.create(operation, fs.root(), name, FileSystemRig.what(FileType.REGULAR, 0666)).inode();
    for (int i = 0; i < DEPTH; i++) {
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
      fs.write(operation, file, (long) i * BLOCK_BYTES, block, Stability.UNSTABLE).join();
    }
    Clock clock = Clock.system();
    Volume volume =
        Volume.open("fs-jmh", fs, NfsConfig.DEFAULTS, clock, Chance.system(), Runnable::run);
    Optional<Export> export = Optional.of(Export.of(volume));
    NfsProgram program = new NfsProgram(_ -> export, Throttle.NONE, Runnable::run);
    ServerContext server = new ServerContext(List.of(program), Limits.DEFAULTS, clock);
    channel = new Channel();
    RecordAssembler assembler =
        new RecordAssembler(PooledByteBufAllocator.DEFAULT, server.limits(), server.assembly());
    ConnectionHandler handler = new ConnectionHandler(channel, 1, assembler, server);
    channel.pipeline().addLast(handler);
    server.programs().opened(handler.connection());
    byte[] handle = volume.handles().of(file.ino()).toArray();
    byte[] session = session();
    reads = requests(session, handle, true);
    attributes = requests(session, handle, false);
    if (answered(reads) < DEPTH * BLOCK_BYTES) {
      throw new IllegalStateException("the reads fail");
    }
  }

  /** Makes a session of as many slots as there are requests under way. */
  private byte[] session() {
    ByteBuf client =
        called(
            EXCHANGE_ID,
            out -> {
              out.int64(1); // The verifier.
              out.opaque(FileSystemRig.name("jmh"));
              out.int32(0);
              out.int32(0);
              out.int32(0);
            });
    long id = client.getLong(BODY_AT);
    int sequence = client.getInt(BODY_AT + Long.BYTES);
    client.release();
    ByteBuf made =
        called(
            CREATE_SESSION,
            out -> {
              out.int64(id);
              out.int32(sequence);
              out.int32(0);
              for (int i = 0; i < 2; i++) {
                for (int word : new int[] {0, 1 << 20, 1 << 20, 0, 8, DEPTH, 0}) {
                  out.int32(word);
                }
              }
              out.int32(1 << 30);
              out.int32(1);
              out.int32(0);
            });
    byte[] session = new byte[SESSION_BYTES];
    made.getBytes(BODY_AT, session);
    made.release();
    return session;
  }

  /** Has one operation performed; what comes back is the caller's. */
  private ByteBuf called(int operation, Consumer<XdrWriter> arguments) {
    ByteBuf request = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 10);
    XdrWriter out = begin(request, 0, 1);
    out.int32(operation);
    arguments.accept(out);
    ByteBuf _ = out.finish();
    request.setInt(0, 1 << 31 | request.writerIndex() - Integer.BYTES);
    channel.pipeline().fireChannelRead(request);
    channel.pipeline().fireChannelReadComplete();
    channel.runPendingTasks(); // What the connection sees is found out by its first request.
    return channel.readOutbound();
  }

  /** Reads 4 KiB: SEQUENCE, PUTFH, READ. */
  @Benchmark
  @OperationsPerInvocation(DEPTH)
  public int read() {
    return answered(reads);
  }

  /** Asks for attributes: SEQUENCE, PUTFH, GETATTR. */
  @Benchmark
  @OperationsPerInvocation(DEPTH)
  public int getattr() {
    return answered(attributes);
  }

  /** Has the requests answered; returns how long the answers are. */
  private int answered(ByteBuf requests) {
    number++;
    for (int at = 0; at < requests.writerIndex(); at += Integer.BYTES + length(requests, at)) {
      requests.setInt(at + NUMBER_AT, number);
    }
    channel.pipeline().fireChannelRead(requests.retainedDuplicate());
    channel.pipeline().fireChannelReadComplete();
    int bytes = 0;
    for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
      bytes += each.readableBytes();
      each.release();
    }
    return bytes;
  }

  private static int length(ByteBuf requests, int at) {
    return requests.getInt(at) & ~(1 << 31);
  }

  /** Begins a call with a COMPOUND of so many operations. */
  private static XdrWriter begin(ByteBuf into, int xid, int operations) {
    into.writeInt(0); // The mark.
    XdrWriter out = new XdrWriter(into);
    // AUTH_SYS, the super-user; no tag, minor version 1.
    int[] call = {xid, 0, 2, NFS, 4, 1, 1, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, operations};
    for (int word : call) {
      out.int32(word);
    }
    return out;
  }

  private static ByteBuf requests(byte[] session, byte[] handle, boolean read) {
    ByteBuf all = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 14);
    for (int i = 0; i < DEPTH; i++) {
      int from = all.writerIndex();
      XdrWriter out = begin(all, i, 3);
      out.int32(SEQUENCE);
      out.raw(session, SESSION_BYTES);
      out.int32(0); // Set for each round.
      out.int32(i);
      out.int32(DEPTH - 1);
      out.int32(0);
      out.int32(PUTFH);
      out.opaque(handle);
      out.int32(read ? READ : GETATTR);
      if (read) {
        out.int32(0);
        out.int64(0);
        out.int32(0);
        out.int64((long) i * BLOCK_BYTES);
        out.int32(BLOCK_BYTES);
      } else {
        out.int32(2); // Type, change, size, fsid; mode, links, owner, group, space, times.
        out.int32(0x0010011a);
        out.int32(0x00b0a23a);
      }
      ByteBuf _ = out.finish();
      all.setInt(from, 1 << 31 | all.writerIndex() - from - Integer.BYTES);
    }
    return all;
  }

  /** Removes all of it. */
  @TearDown
  public void close() throws IOException {
    reads.release();
    attributes.release();
    boolean _ = channel.finishAndReleaseAll();
    rig.close();
    resources.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
