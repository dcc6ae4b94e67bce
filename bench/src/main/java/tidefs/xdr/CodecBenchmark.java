package tidefs.xdr;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;
import tidefs.nfs4.op.Op;
import tidefs.nfs4.op.Sequence;
import tidefs.nfs4.op.SessionId;

/** The wire: the operations of a READ as they arrive, and the head of its reply. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  private static final int HANDLE_BYTES = 28;
  private static final int PUTFH = 22;
  private static final int READ = 25;

  private final ByteBuf request = PooledByteBufAllocator.DEFAULT.directBuffer(256);
  private final ByteBuf reply = PooledByteBufAllocator.DEFAULT.directBuffer(512);

  /** Encodes the request once. */
  public CodecBenchmark() {
    XdrWriter out = new XdrWriter(request);
    out.int32(Sequence.CODE);
    out.int64(1);
    out.int64(2);
    out.int32(1);
    out.int32(0);
    out.int32(31);
    out.bool(false);
    out.int32(PUTFH);
    out.opaque(new byte[HANDLE_BYTES]);
    out.int32(READ);
    out.int32(0);
    out.int64(0);
    out.int32(0);
    out.int64(4096);
    out.int32(4096);
    ByteBuf _ = out.finish();
  }

  /** Decodes SEQUENCE, PUTFH and READ. */
  @Benchmark
  public void decodeRead(Blackhole sink) throws XdrException {
    XdrReader in = new XdrReader(request);
    for (int i = 0; i < 3; i++) {
      sink.consume(Op.decode(in.int32(), in, 1));
    }
  }

  /** Encodes the result of a SEQUENCE. */
  @Benchmark
  public int encodeSequence() {
    reply.clear();
    XdrWriter out = new XdrWriter(reply);
    new Sequence.Ok(new SessionId(1, 2), 1, 0, 31, 31, 0).encode(out);
    int bytes = out.position();
    ByteBuf _ = out.finish();
    return bytes;
  }

  /** Gives the buffers back. */
  @TearDown
  public void release() {
    request.release();
    reply.release();
  }
}
