package tidefs.store.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import tidefs.store.StoreFault;

/** Futures that fail with a {@link StoreFault}. */
final class Futures {
  private Futures() {}

  /** Waits. Throws the {@link StoreFault} that the future failed with, as it is. */
  static void join(CompletableFuture<Void> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreFault fault) {
        throw fault;
      }
      throw e;
    }
  }

  /** Runs {@code task} elsewhere; its fault is the future's. */
  static CompletableFuture<Void> run(Executor executor, Runnable task) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    executor.execute(() -> {
      try {
        task.run();
        future.complete(null);
      } catch (RuntimeException | Error e) { // The edge of a task: whoever waits is told.
        future.completeExceptionally(e);
      }
    });
    return future;
  }

  /** Runs {@code action} when {@code future} is complete, however. Its fault is left to others. */
  static void afterwards(CompletableFuture<Void> future, Runnable action) {
    CompletableFuture<Void> _ = future.whenComplete((_, _) -> action.run());
  }

  /** Completes when both have, as they have. */
  static CompletableFuture<Void> both(CompletableFuture<Void> one, CompletableFuture<Void> other) {
    if (one.state() == Future.State.SUCCESS) {
      return other;
    }
    return other.state() == Future.State.SUCCESS ? one : CompletableFuture.allOf(one, other);
  }
}
