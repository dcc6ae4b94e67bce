package tidefs.store.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tidefs.store.ChunkStore;

/**
 * Makes one thing durable, for all at once who ask for it together. Who asks while a sync is under
 * way that began after the last change joins it; otherwise all share the next one.
 *
 * <p>A sync that failed is never repeated: the system reports a lost write once, and would say that
 * all is well the next time.
 */
final class SharedSync {
  private final Runnable action;
  private final Runnable onFault;
  private long changes;
  private long covered;
  private long coveredByRunning;
  private @Nullable CompletableFuture<Void> running;
  private @Nullable CompletableFuture<Void> next;
  private @Nullable Throwable fault;

  /**
   * What {@code action} makes durable.
   *
   * @param changed whether there is something to make durable from the start
   * @param onFault called when the action has failed, before anybody is told
   */
  SharedSync(Runnable action, boolean changed, Runnable onFault) {
    this.action = action;
    this.onFault = onFault;
    this.changes = changed ? 1 : 0;
  }

  /** There is something new to make durable. Called after the change. */
  synchronized void changed() {
    changes++;
  }

  synchronized boolean isClean() {
    return covered == changes && running == null;
  }

  /** Completes when all changes before the call are durable; {@code executor} may have to help. */
  CompletableFuture<Void> sync(Executor executor) {
    CompletableFuture<Void> mine;
    synchronized (this) {
      CompletableFuture<Void> current = running;
      Throwable failure = fault;
      if (failure != null) {
        return CompletableFuture.failedFuture(failure);
      }
      if (covered == changes) {
        return ChunkStore.DONE;
      }
      if (current != null && coveredByRunning == changes) {
        return current;
      }
      if (current != null) {
        CompletableFuture<Void> following = next == null ? new CompletableFuture<>() : next;
        next = following;
        return following;
      }
      mine = new CompletableFuture<>();
      running = mine;
      coveredByRunning = changes;
    }
    executor.execute(() -> run(mine));
    return mine;
  }

  private void run(CompletableFuture<Void> first) {
    CompletableFuture<Void> current = first;
    while (true) {
      try {
        action.run();
      } catch (RuntimeException | Error e) { // The edge of a task: whoever waits is told.
        fail(e);
        return;
      }
      CompletableFuture<Void> following;
      synchronized (this) {
        covered = coveredByRunning;
        following = next;
        next = null;
        running = following;
        coveredByRunning = changes;
      }
      current.complete(null);
      if (following == null) {
        return;
      }
      current = following;
    }
  }

  private void fail(Throwable cause) {
    onFault.run();
    CompletableFuture<Void> current;
    CompletableFuture<Void> following;
    synchronized (this) {
      fault = cause;
      current = running;
      following = next;
    }
    if (current != null) {
      current.completeExceptionally(cause);
    }
    if (following != null) {
      following.completeExceptionally(cause);
    }
  }
}
