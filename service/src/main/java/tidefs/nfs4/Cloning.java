package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import tidefs.base.Blocking;
import tidefs.fs.CloneRange;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Operation;
import tidefs.nfs4.op.Clone;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;

/**
 * CLONE (RFC 7862 §15.13) within one file system: everyone sees all of it or nothing. A worker does
 * it, and the answer follows when it is durable; only some are done at once.
 */
final class Cloning {
  private Cloning() {}

  static Reply clone(Compound c, Clone call) throws Refused, FsException {
    c.checkWritable();
    if (!c.saved().isSet()) {
      throw new Refused(Status.NOFILEHANDLE);
    }
    Inode target = file(c, call.target(), Share.ACCESS_WRITE);
    Volume volume = c.volume();
    Inode source = source(c, call.source());
    if (c.saved().volume() != volume) {
      throw new Refused(Status.XDEV);
    }
    FileSystem fileSystem = volume.fileSystem();
    Operation own = new Operation(c.operation(volume).credentials(), Blocking.ALLOWED);
    CloneRange range = new CloneRange(call.sourceOffset(), call.targetOffset(), call.count());
    long[] moved = new long[1];
    return c.suspend(
        start(c.program(), () -> moved[0] = fileSystem.clone(own, source, target, range)),
        () -> {
          c.operation(volume).dependOn(own.dependsOn());
          c.copied(Clone.CODE, moved[0]);
          return Reply.of(Status.OK);
        });
  }

  /** The current file, which the stateid has to be for. */
  private static Inode file(Compound c, StateId id, int access) throws Refused, FsException {
    if (c.current().isPseudoRoot() || c.inode().type() != FileType.REGULAR) {
      throw new Refused(Status.WRONG_TYPE);
    }
    StateChecks.check(c, id, access);
    return c.inode();
  }

  /** The saved file, which the stateid has to be for. */
  private static Inode source(Compound c, StateId id) throws Refused, FsException {
    Place target = new Place();
    target.copy(c.current());
    c.current().copy(c.saved());
    try {
      return file(c, id, Share.ACCESS_READ);
    } finally {
      c.current().copy(target);
    }
  }

  /** What a worker does. */
  private interface Work {
    void run() throws FsException;
  }

  private static CompletableFuture<Void> start(NfsProgram program, Work work) throws Refused {
    Semaphore permits = program.clones();
    if (!permits.tryAcquire()) {
      throw new Refused(Status.DELAY);
    }
    try {
      return CompletableFuture.runAsync(() -> run(work), program.workers())
          .whenComplete((_, _) -> permits.release());
    } catch (RejectedExecutionException full) {
      permits.release();
      throw new Refused(Status.DELAY);
    }
  }

  private static void run(Work work) {
    try {
      work.run();
    } catch (FsException refused) {
      throw new CompletionException(refused);
    }
  }
}
