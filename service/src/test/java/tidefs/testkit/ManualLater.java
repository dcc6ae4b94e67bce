package tidefs.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import tidefs.control.Later;

/** Background work that waits until a test runs it. */
public final class ManualLater implements Later {
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  @Override
  public synchronized void run(Duration delay, Runnable task) {
    waiting.add(task);
  }

  /** Runs what is waiting now, but not what that brings about. */
  public void runWaiting() {
    Deque<Runnable> due;
    synchronized (this) {
      due = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    due.forEach(Runnable::run);
  }
}
