package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.fs.FileSystem;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Copy;
import tidefs.nfs4.op.OffloadCancel;
import tidefs.nfs4.op.OffloadStatus;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Stability;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Client;
import tidefs.nfs4.state.Offload;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;

/**
 * COPY (RFC 7862 §15.2) within one file system. A short copy is done when it is answered. A long
 * one goes on in the background if the client allows that and can be called when it has ended; else
 * a part is copied, and the client, which is told how much, asks for the next.
 */
final class Copying {
  /** Bytes that a COPY moves at most before it is answered; holes are free. */
  static final int MOST_BYTES = 32 << 20;

  private Copying() {}

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
    CopyRange range = new CopyRange(fileSystem, own, source, target, from, to, count);
    if (!call.synchronous() && count > MOST_BYTES) {
      Offload offload = offload(c.client(), volume, source, target);
      if (offload != null) {
        LongCopy.start(c.program(), offload, range);
        return new Copy.Going(offload.id(), fileSystem.incarnation());
      }
    }
    Part part = new Part(range);
    return c.suspend(
        part.start(c),
        () -> {
          c.operation(volume).dependOn(own.dependsOn());
          c.copied(Copy.CODE, part.moved);
          return new Copy.Ok(range.done(), Stability.UNSTABLE, fileSystem.incarnation(), true);
        });
  }

  /** A copy of the client's that goes on; null if it cannot be called, or has too many. */
  private static @Nullable Offload offload(
      @Nullable Client client, Volume volume, Inode source, Inode target) {
    return client == null || client.callbackPath() == null
        ? null
        : client.offloads().begin(volume, source, target);
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

  /** OFFLOAD_STATUS (RFC 7862 §15.9): how far a copy is. */
  static Reply status(Compound c, OffloadStatus call) throws Refused {
    Offload offload = known(c, call.stateId());
    return new OffloadStatus.Ok(offload.bytes(), offload.ended());
  }

  /** OFFLOAD_CANCEL (RFC 7862 §15.8): nothing is copied any more once it is answered. */
  static Reply cancel(Compound c, OffloadCancel call) throws Refused, FsException {
    return c.suspend(known(c, call.stateId()).cancel(), () -> Reply.of(Status.OK));
  }

  /** The copy to the current file that a stateid stands for. */
  private static Offload known(Compound c, StateId id) throws Refused {
    Inode target = c.inode();
    Client client = c.client();
    if (client == null) {
      throw new Refused(Status.NOTSUPP);
    }
    Offload offload = client.offloads().find(id);
    if (offload == null || offload.target() != target) {
      throw new Refused(Status.BAD_STATEID);
    }
    return offload;
  }

  /** What a COPY does before it is answered. */
  private static final class Part {
    private final CopyRange range;
    private int moved;

    Part(CopyRange range) {
      this.range = range;
    }

    CompletableFuture<Void> start(Compound c) throws Refused {
      try {
        return CompletableFuture.runAsync(this::run, c.program().workers());
      } catch (RejectedExecutionException full) {
        throw new Refused(Status.DELAY);
      }
    }

    private void run() {
      try {
        moved = range.copy(MOST_BYTES);
      } catch (FsException refused) {
        if (range.done() == 0) {
          throw new CompletionException(refused);
        }
      }
    }
  }
}
