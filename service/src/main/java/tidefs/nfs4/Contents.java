package tidefs.nfs4;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Commit;
import tidefs.nfs4.op.Read;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.op.Write;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;

/** Operations on the contents of the current file. Locks are advisory: nobody asks for them. */
final class Contents {
  /** What a READ takes in the reply beside its data. */
  private static final int READ_OVERHEAD_BYTES = 16;

  /** What takes about as long to copy as a thread takes to wake up, and longer. */
  private static final int LARGE_BYTES = 256 << 10;

  private Contents() {}

  /** READ (RFC 8881 §18.22), straight into the reply. */
  static Reply read(Compound c, Read call) throws Refused, FsException {
    Inode file = regular(c);
    StateChecks.check(c, call.stateId(), Share.ACCESS_READ);
    Volume volume = c.volume();
    FileSystem fileSystem = volume.fileSystem();
    Operation operation = c.operation(volume);
    int most = c.config().ioBytes();
    int count = Integer.compareUnsigned(call.count(), most) < 0 ? call.count() : most;
    FileSystem.Extent extent = fileSystem.extent(operation, file, call.offset(), count);
    if (extent.bytes() + READ_OVERHEAD_BYTES > c.room()) {
      throw new Refused(c.sequence().tooBig());
    }
    leaveLoop(c, operation, extent.bytes());
    Read.InPlace reply = new Read.InPlace(c.out(), extent.bytes());
    CompletableFuture<Void> done = fileSystem.read(operation, file, call.offset(), reply.space());
    if (done.isDone() && !done.isCompletedExceptionally()) {
      return ended(reply, extent);
    }
    return c.suspend(done, () -> ended(reply, extent));
  }

  /**
   * Leaves a large transfer to a worker while few event loops are busy: it takes so long to copy
   * that the loop sends or receives another meanwhile.
   */
  private static void leaveLoop(Compound c, Operation operation, int bytes) {
    if (bytes >= LARGE_BYTES
        && operation.blocking() == Blocking.FORBIDDEN
        && c.call().connection().leavesProcessors()) {
      throw WouldBlock.INSTANCE;
    }
  }

  private static Reply ended(Read.InPlace reply, FileSystem.Extent extent) {
    reply.end(extent.end(), extent.bytes());
    return Signal.WRITTEN;
  }

  /** WRITE (RFC 8881 §18.32), straight from the request. */
  static Reply write(Compound c, Write call) throws Refused, FsException {
    c.checkWritable();
    Inode file = regular(c);
    StateChecks.check(c, call.stateId(), Share.ACCESS_WRITE);
    Volume volume = c.volume();
    FileSystem fileSystem = volume.fileSystem();
    ByteBuf data = call.data();
    int count = Math.min(data.readableBytes(), c.config().ioBytes());
    Write.Ok done = new Write.Ok(count, call.stable(), fileSystem.incarnation());
    if (count == 0) {
      return done;
    }
    Operation operation = c.operation(volume);
    leaveLoop(c, operation, count);
    ByteBuffer source = data.nioBuffer(data.readerIndex(), count);
    CompletableFuture<Void> written =
        fileSystem.write(operation, file, call.offset(), source, stability(call.stable()));
    return c.suspend(written, () -> done);
  }

  private static tidefs.fs.Stability stability(Stability stability) {
    return switch (stability) {
      case UNSTABLE -> tidefs.fs.Stability.UNSTABLE;
      case DATA_SYNC -> tidefs.fs.Stability.DATA_SYNC;
      case FILE_SYNC -> tidefs.fs.Stability.FILE_SYNC;
    };
  }

  /** COMMIT (RFC 8881 §18.3), of the whole file whatever was asked. */
  static Reply commit(Compound c, Commit call) throws Refused, FsException {
    Inode file = regular(c);
    if (Long.compareUnsigned(call.offset(), -1L - Integer.toUnsignedLong(call.count())) > 0) {
      throw new Refused(Status.INVAL);
    }
    c.checkWritable();
    Volume volume = c.volume();
    FileSystem fileSystem = volume.fileSystem();
    Commit.Ok done = new Commit.Ok(fileSystem.incarnation());
    return c.suspend(fileSystem.commit(c.operation(volume), file), () -> done);
  }

  /** The current inode, if it is a regular file. */
  static Inode regular(Compound c) throws Refused {
    if (c.current().isPseudoRoot()) {
      throw new Refused(Status.ISDIR);
    }
    Inode inode = c.inode();
    checkRegular(inode, c.minorVersion());
    return inode;
  }

  /** Refuses what is no regular file. */
  static void checkRegular(Inode inode, int minorVersion) throws Refused {
    FileType type = inode.type();
    if (type != FileType.REGULAR) {
      throw new Refused(
          type == FileType.DIRECTORY ? Status.ISDIR : Statuses.wrongType(minorVersion));
    }
  }
}
