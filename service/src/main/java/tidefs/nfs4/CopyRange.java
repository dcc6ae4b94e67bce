package tidefs.nfs4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import tidefs.fs.FileSystem;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.fs.Stability;

/**
 * A range of one file that is being copied to another, or elsewhere in the same one, piece by
 * piece. Holes stay holes. For one thread at a time, which may wait.
 */
final class CopyRange {
  private static final int STEP_BYTES = 1 << 20;

  private final FileSystem fileSystem;
  private final Operation operation;
  private final Inode source;
  private final Inode target;
  private final long from;
  private final long to;
  private final long count;
  private long done;

  /** The {@code count} bytes of {@code source} from {@code from} on, to be copied to {@code to}. */
  CopyRange(
      FileSystem fileSystem,
      Operation operation,
      Inode source,
      Inode target,
      long from,
      long to,
      long count) {
    this.fileSystem = fileSystem;
    this.operation = operation;
    this.source = source;
    this.target = target;
    this.from = from;
    this.to = to;
    this.count = count;
  }

  /** The circumstances under which it is copied. */
  Operation operation() {
    return operation;
  }

  /** How much of it is copied, holes included. */
  long done() {
    return done;
  }

  /** Whether all of it is copied. */
  boolean isDone() {
    return done >= count;
  }

  /**
   * Copies more of it, until some {@code mostBytes} were moved or all is done; holes are free.
   *
   * @return the bytes moved: less than {@code mostBytes} if all is done
   */
  int copy(int mostBytes) throws FsException {
    ByteBuf buffer =
        PooledByteBufAllocator.DEFAULT.directBuffer((int) Math.min(STEP_BYTES, Math.max(1, count)));
    try {
      int moved = 0;
      while (!isDone() && moved < mostBytes) {
        moved += step(buffer.nioBuffer(0, buffer.capacity()));
      }
      return moved;
    } finally {
      buffer.release();
    }
  }

  /** Copies the next data, or makes the next hole; returns the bytes moved. */
  private int step(ByteBuffer buffer) throws FsException {
    long data = fileSystem.seek(operation, source, from + done, true);
    long hole = Math.min(data - from, count) - done;
    if (hole > 0) {
      fileSystem.punchHole(operation, target, to + done, hole);
      fileSystem.allocate(operation, target, to + done, hole);
      done += hole;
      return 0;
    }
    long end = fileSystem.seek(operation, source, from + done, false);
    int bytes = (int) Math.min(buffer.capacity(), Math.min(end - from, count) - done);
    buffer.clear().limit(bytes);
    fileSystem.read(operation, source, from + done, buffer).join();
    fileSystem.write(operation, target, to + done, buffer, Stability.UNSTABLE).join();
    done += bytes;
    return bytes;
  }
}
