package tidefs.nfs4;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tidefs.fs.Errno;
import tidefs.fs.FileSystem;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Allocate;
import tidefs.nfs4.op.Deallocate;
import tidefs.nfs4.op.IoAdvise;
import tidefs.nfs4.op.ReadPlus;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Seek;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.SparseOp;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Bitmap;

/** Operations of 4.2 on holes of the current file. */
final class Sparse {
  /** What a READ_PLUS takes in the reply beside its segments. */
  private static final int READ_PLUS_OVERHEAD_BYTES = 16;

  /** Segments of one READ_PLUS at most; the last is data, whatever holes it has. */
  private static final int SEGMENTS = 32;

  private Sparse() {}

  static Reply perform(Compound c, SparseOp op) throws Refused, FsException {
    return switch (op) {
      case Seek call -> seek(c, call);
      case Allocate call -> allocate(c, call);
      case Deallocate call -> deallocate(c, call);
      case ReadPlus call -> readPlus(c, call);
      case IoAdvise call -> ioAdvise(c, call);
    };
  }

  /** SEEK (RFC 7862 §15.11). */
  private static Reply seek(Compound c, Seek call) throws Refused, FsException {
    Inode file = Contents.regular(c);
    StateChecks.check(c, call.stateId(), Share.ACCESS_READ);
    if (call.what() != Seek.DATA && call.what() != Seek.HOLE) {
      throw new Refused(Status.UNION_NOTSUPP);
    }
    Volume volume = c.volume();
    FileSystem fileSystem = volume.fileSystem();
    Operation operation = c.operation(volume);
    boolean data = call.what() == Seek.DATA;
    long found = fileSystem.seek(operation, file, call.offset(), data);
    return new Seek.Ok(found >= fileSystem.attributes(operation, file).size(), found);
  }

  /** ALLOCATE (RFC 7862 §15.1): of an elastic file system there is nothing to set apart. */
  private static Reply allocate(Compound c, Allocate call) throws Refused, FsException {
    c.checkWritable();
    Inode file = Contents.regular(c);
    StateChecks.check(c, call.stateId(), Share.ACCESS_WRITE);
    checkRange(call.offset(), call.length());
    Volume volume = c.volume();
    volume.fileSystem().allocate(c.operation(volume), file, call.offset(), call.length());
    return Reply.of(Status.OK);
  }

  /** DEALLOCATE (RFC 7862 §15.4). */
  private static Reply deallocate(Compound c, Deallocate call) throws Refused, FsException {
    c.checkWritable();
    Inode file = Contents.regular(c);
    StateChecks.check(c, call.stateId(), Share.ACCESS_WRITE);
    checkRange(call.offset(), call.length());
    Volume volume = c.volume();
    volume.fileSystem().punchHole(c.operation(volume), file, call.offset(), call.length());
    return Reply.of(Status.OK);
  }

  private static void checkRange(long offset, long length) throws Refused {
    if (length == 0) {
      throw new Refused(Status.INVAL);
    }
    if (offset < 0 || length < 0) {
      throw new Refused(Status.FBIG); // Unsigned: beyond every file.
    }
  }

  /** IO_ADVISE (RFC 7862 §15.5): heard, and none followed. */
  private static Reply ioAdvise(Compound c, IoAdvise call) throws Refused, FsException {
    Contents.regular(c);
    StateChecks.check(c, call.stateId(), Share.ACCESS_READ);
    return new IoAdvise.Ok(Bitmap.EMPTY);
  }

  /** A part of what is read. */
  private record Segment(long offset, int length, boolean data) {}

  /** READ_PLUS (RFC 7862 §15.10), straight into the reply. */
  private static Reply readPlus(Compound c, ReadPlus call) throws Refused, FsException {
    Inode file = Contents.regular(c);
    StateChecks.check(c, call.stateId(), Share.ACCESS_READ);
    Volume volume = c.volume();
    FileSystem fileSystem = volume.fileSystem();
    Operation operation = c.operation(volume);
    int most = c.config().ioBytes();
    int count = Integer.compareUnsigned(call.count(), most) < 0 ? call.count() : most;
    FileSystem.Extent extent = fileSystem.extent(operation, file, call.offset(), count);
    List<Segment> segments = new ArrayList<>();
    int bytes = segments(fileSystem, operation, file, call.offset(), extent.bytes(), segments);
    if (bytes + READ_PLUS_OVERHEAD_BYTES > c.room()) {
      throw new Refused(c.sequence().tooBig());
    }
    ReadPlus.InPlace reply = new ReadPlus.InPlace(c.out(), extent.end(), bytes);
    List<CompletableFuture<Void>> reads = new ArrayList<>();
    for (Segment each : segments) {
      if (each.data()) {
        ByteBuffer space = reply.data(each.offset(), each.length());
        reads.add(fileSystem.read(operation, file, each.offset(), space));
      } else {
        reply.hole(each.offset(), each.length());
      }
    }
    return c.suspend(
        CompletableFuture.allOf(reads.toArray(new CompletableFuture<?>[0])), () -> Signal.WRITTEN);
  }

  /** Divides what is read into data and holes; returns what that takes in the reply at most. */
  private static int segments(
      FileSystem fileSystem,
      Operation operation,
      Inode file,
      long offset,
      int count,
      List<Segment> segments)
      throws FsException {
    int bytes = 0;
    int done = 0;
    while (done < count) {
      long at = offset + done;
      long data = segments.size() < SEGMENTS ? next(fileSystem, operation, file, at, true) : at;
      boolean isData = data == at;
      long end =
          !isData || segments.size() >= SEGMENTS
              ? data
              : next(fileSystem, operation, file, at, false);
      int rest = count - done;
      int length = (int) (end == at ? rest : Math.min(rest, end - at));
      segments.add(new Segment(at, length, isData));
      bytes += ReadPlus.SEGMENT_OVERHEAD_BYTES + (isData ? length : 0);
      done += length;
    }
    return bytes;
  }

  private static long next(
      FileSystem fileSystem, Operation operation, Inode file, long at, boolean data)
      throws FsException {
    try {
      return fileSystem.seek(operation, file, at, data);
    } catch (FsException e) {
      if (e.errno() == Errno.ENXIO) {
        return at; // The file was cut meanwhile: the rest is read, as zeros.
      }
      throw e;
    }
  }
}
