package tidefs.server;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.control.Later;

/** The few threads on which work is done that nobody waits for. */
final class Background implements Later, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Background.class);
  private static final int THREADS = 4;

  private final AtomicInteger threads = new AtomicInteger();
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          THREADS,
          task ->
              Thread.ofPlatform()
                  .daemon()
                  .name("background-" + threads.incrementAndGet())
                  .unstarted(task));

  Background() {
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  @Override
  public void run(Duration delay, Runnable task) {
    try {
      var _ = executor.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.atDebug().log("Task dropped: the server is stopping");
    }
  }

  /** Runs {@code task} soon. */
  void run(Runnable task) {
    run(Duration.ZERO, task);
  }

  /** Runs {@code task} again and again, a pause of {@code pause} between its ends and starts. */
  void every(Duration pause, Runnable task) {
    var _ =
        executor.scheduleWithFixedDelay(
            () -> guarded(task), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets what runs end, drops what has not begun. */
  @Override
  public void close() {
    executor.close();
  }

  /**
   * The edge of background work: a failure ends its task alone, and work that recurs goes on. An
   * error is a failure, too: the executor would keep it to itself.
   */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (Exception | Error e) {
      log.atError().setCause(e).log("Background task failed");
    }
  }
}
