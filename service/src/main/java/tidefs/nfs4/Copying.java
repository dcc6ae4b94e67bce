package tidefs.nfs4;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import tidefs.base.Blocking;
import tidefs.fs.FileSystem;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Copy;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;

/**
 * COPY (RFC 7862 §15.2) within one file system. Each call copies a bounded part on a worker and
 * tells how much, so a copy of any length is many short calls, which a client sends one after the
 * other; none goes on behind its back. Holes stay holes.
 */
final class Copying {
  /** Bytes that one COPY moves at most; holes are free. */
  private static final int MOST_BYTES = 32 << 20;

  private static final int STEP_BYTES = 1 << 20;

  private final FileSystem fileSystem;
  private final Operation operation;
  private final Inode source;
  private final Inode target;
  private final long from;
  private final long to;
  private final long count;
  private long done;
  private int moved;

  private Copying(
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

  static Reply copy(Compound c, Copy call) throws Refused, FsException {
    c.checkWritable();
    if (call.fromOtherServer()) {
      throw new Refused(Status.NOTSUPP);
    }
    if (!c.saved().isSet()) {
      throw new Refused(Status.NOFILEHANDLE);
    }
    Inode target = Contents.regular(c);
    StateChecks.check(c, call.target(), Share.ACCESS_WRITE);
    Inode source = source(c, call);
    Volume volume = c.volume();
    if (c.saved().volume() != volume) {
      throw new Refused(Status.XDEV);
    }
    FileSystem fileSystem = volume.fileSystem();
    long size = fileSystem.attributes(c.operation(volume), source).size();
    long from = call.sourceOffset();
    long to = call.targetOffset();
    long count = call.count() == 0 ? size - from : call.count();
    if (from < 0 || to < 0 || count < 0 || from > size || count > size - from) {
      throw new Refused(Status.INVAL);
    }
    if (source == target && from < to + count && to < from + count) {
      throw new Refused(Status.INVAL);
    }
    Operation own = new Operation(c.operation(volume).credentials(), Blocking.ALLOWED);
    Copying copy = new Copying(fileSystem, own, source, target, from, to, count);
    return c.suspend(
        copy.start(c),
        () -> {
          c.operation(volume).dependOn(own.dependsOn());
          c.copied(copy.moved);
          return new Copy.Ok(copy.done, Stability.UNSTABLE, fileSystem.incarnation(), true);
        });
  }

  /** The saved file, which the source's stateid has to be for. */
  private static Inode source(Compound c, Copy call) throws Refused, FsException {
    Place target = new Place();
    target.copy(c.current());
    c.current().copy(c.saved());
    try {
      Inode source = Contents.regular(c);
      StateChecks.check(c, call.source(), Share.ACCESS_READ);
      return source;
    } finally {
      c.current().copy(target);
    }
  }

  private CompletableFuture<Void> start(Compound c) throws Refused {
    try {
      return CompletableFuture.runAsync(this::run, c.workers());
    } catch (RejectedExecutionException full) {
      throw new Refused(Status.DELAY);
    }
  }

  private void run() {
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(STEP_BYTES, count));
      while (done < count && moved < MOST_BYTES) {
        moved += step(buffer);
      }
    } catch (FsException refused) {
      if (done == 0) {
        throw new CompletionException(refused);
      }
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
    fileSystem.write(operation, target, to + done, buffer, tidefs.fs.Stability.UNSTABLE).join();
    done += bytes;
    return bytes;
  }
}
