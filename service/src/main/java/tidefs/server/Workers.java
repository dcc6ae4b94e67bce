package tidefs.server;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for operations that wait, made when they are needed; a bounded queue before them. */
final class Workers {
  private static final int QUEUE = 1 << 16;
  private static final int IDLE_SECONDS = 30;

  private Workers() {}

  /** At most {@code threads} of them. */
  static ThreadPoolExecutor of(int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name("nfs-worker-" + number.incrementAndGet())
                    .unstarted(task));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
