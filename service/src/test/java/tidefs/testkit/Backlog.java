package tidefs.testkit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tidefs.store.MetadataStore;

/** Background work that waits until a test does it, on the test's own thread. */
public final class Backlog implements Executor {
  private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();

  /** Nothing to do yet. */
  public Backlog() {}

  @Override
  public void execute(Runnable task) {
    work.add(task);
  }

  /** Does one thing; false if there is none. */
  public boolean doNext() {
    @Nullable Runnable next = work.poll();
    if (next == null) {
      return false;
    }
    next.run();
    return true;
  }

  /** Does all of it, and what it leads to, with what {@code store} is about to hand over. */
  public int doAll(MetadataStore store) {
    int count = 0;
    while (true) {
      store.awaitDurable(store.appliedSequence());
      boolean last = store.allTold();
      if (doNext()) {
        count++;
      } else if (last) {
        return count;
      } else {
        Thread.onSpinWait();
      }
    }
  }

  /** Forgets all of it, as a crash does. */
  public void clear() {
    work.clear();
  }
}
