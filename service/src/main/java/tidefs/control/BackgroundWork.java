package tidefs.control;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs work later in real time, each piece on a virtual thread of its own. Closing drops what has
 * not begun and waits for what has.
 */
public final class BackgroundWork implements Later, AutoCloseable {
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("control-timer").factory());

  /** Ready for work. */
  public BackgroundWork() {
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    // Work that arrives after the end is dropped: the next start takes it up.
    timer.setRejectedExecutionHandler((_, _) -> {});
  }

  @Override
  public void run(Duration delay, Runnable task) {
    var _ = timer.schedule(() -> workers.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    timer.close();
    workers.close();
  }
}
