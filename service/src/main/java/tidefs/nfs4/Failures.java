package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tidefs.fs.FsException;
import tidefs.store.StoreFault;

/** What went wrong in a future, in the caller's terms. */
final class Failures {
  private Failures() {}

  /** Throws what a completed {@code future} failed with, if it did. */
  static void check(CompletableFuture<?> future) throws FsException {
    if (!future.isCompletedExceptionally()) {
      return;
    }
    try {
      future.join();
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case FsException refused -> throw refused;
        case StoreFault fault -> throw fault;
        case null, default -> throw failed;
      }
    }
  }
}
