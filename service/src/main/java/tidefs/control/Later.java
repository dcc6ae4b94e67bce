package tidefs.control;

import java.time.Duration;

/** Runs work in the background. */
@FunctionalInterface
public interface Later {
  /** Runs {@code task} once, no sooner than after {@code delay}, never in the caller. */
  void run(Duration delay, Runnable task);
}
