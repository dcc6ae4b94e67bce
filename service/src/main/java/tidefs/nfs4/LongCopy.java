package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.fs.Errno;
import tidefs.fs.FsException;
import tidefs.nfs4.op.Copy;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Offload;
import tidefs.store.StoreFault;

/**
 * A copy that goes on after its COPY was answered (RFC 7862 §15.2.3), in pieces, each a short task
 * of a worker: other work comes between them, and while the file system is over its rate the next
 * has to wait.
 */
final class LongCopy {
  private static final Logger log = LoggerFactory.getLogger(LongCopy.class);
  private static final int PIECE_BYTES = 4 << 20;
  private static final int MINOR_VERSION = 2;

  private final NfsProgram program;
  private final Offload offload;
  private final CopyRange range;

  private LongCopy(NfsProgram program, Offload offload, CopyRange range) {
    this.program = program;
    this.offload = offload;
    this.range = range;
  }

  /** Begins to copy {@code range} in the background, on behalf of {@code offload}. */
  static void start(NfsProgram program, Offload offload, CopyRange range) {
    offload.begin();
    new LongCopy(program, offload, range).goOn();
  }

  private void goOn() {
    try {
      program.workers().execute(this::piece);
    } catch (RejectedExecutionException full) {
      offload.stall(this::goOn);
    }
  }

  private void piece() {
    if (!offload.resume()) {
      return;
    }
    long start = program.throttle().nanos();
    try {
      int moved = range.copy(PIECE_BYTES);
      offload.progress(range.done());
      if (!range.isDone()) {
        charge(moved, start);
        return;
      }
      var _ = charged(moved, start); // The end needs no permission.
      offload.volume().fileSystem().store().awaitDurable(range.operation().dependsOn());
      end(Status.OK);
    } catch (FsException refused) {
      offload.progress(range.done());
      // A source that is cut meanwhile ends there: the client is told how much there was.
      boolean cut = refused.errno() == Errno.ENXIO;
      end(cut ? Status.OK : Statuses.of(refused.errno(), MINOR_VERSION));
    } catch (StoreFault fault) {
      broken(fault);
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case FsException refused -> end(Statuses.of(refused.errno(), MINOR_VERSION));
        case StoreFault fault -> broken(fault);
        case null, default -> bug(failed);
      }
    } catch (RuntimeException bug) {
      bug(bug);
    }
  }

  /** Accounts for a piece; the next one comes when the rate allows it. */
  private void charge(int moved, long startNanos) {
    CompletableFuture<Void> hold = charged(moved, startNanos);
    if (!offload.pause()) {
      return;
    }
    if (hold == null) {
      goOn();
    } else {
      var _ = hold.whenComplete((_, _) -> goOn());
    }
  }

  private @Nullable CompletableFuture<Void> charged(int moved, long startNanos) {
    var traffic =
        new Traffic(offload.client(), Traffic.Kind.DATA_WRITE, Copy.CODE, 2L * moved, startNanos);
    return program.throttle().charge(offload.volume(), traffic);
  }

  private void broken(StoreFault fault) {
    if (Statuses.of(fault) == Status.IO) {
      log.atError().setCause(fault).log("A copy failed");
    }
    end(Statuses.of(fault));
  }

  private void bug(RuntimeException bug) {
    log.atError().setCause(bug).log("A copy broke");
    end(Status.SERVERFAULT);
  }

  private void end(Status status) {
    offload.progress(range.done());
    offload.end(status);
  }
}
