package tidefs.store.local;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all chunk stores of a process share: the threads that wait for the disk, the number of open
 * files, and the amount of bytes that are written and not durable.
 */
public final class ChunkResources implements AutoCloseable {
  private static final int TRANSFER_THREADS = 16;
  private static final int SYNC_THREADS = 32;
  private static final long IDLE_SECONDS = 30;
  private static final int MOST_OPEN_FILES = 8192;

  private final ExecutorService transfers = pool("chunk-io-", TRANSFER_THREADS);
  private final ExecutorService syncs = pool("chunk-sync-", SYNC_THREADS);
  private final AtomicLong dirty = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final long dirtyLimit;

  /** Connections need descriptors, too. */
  private final long openLimit = Math.min(MOST_OPEN_FILES, descriptors() / 2);

  /**
   * Resources for stores.
   *
   * @param dirtyLimit how many bytes may be written ahead of the disk before writes wait for it
   */
  public ChunkResources(long dirtyLimit) {
    this.dirtyLimit = dirtyLimit;
  }

  /** Runs what opens, reads and writes files. */
  ExecutorService transfers() {
    return transfers;
  }

  /** Runs what makes files durable; apart, so that reads do not wait behind it. */
  ExecutorService syncs() {
    return syncs;
  }

  /** {@code bytes} more are not durable, or fewer. */
  void addDirty(long bytes) {
    dirty.addAndGet(bytes);
  }

  /** Whether writes have to wait for the disk. */
  boolean tooDirty() {
    return dirty.get() > dirtyLimit;
  }

  /** Whether it is time to write back what has waited longest. */
  boolean ratherDirty() {
    return dirty.get() > dirtyLimit / 2;
  }

  /** {@code files} more are open, or fewer. */
  void addOpen(int files) {
    open.addAndGet(files);
  }

  /** Whether files that are not in use have to be closed. */
  boolean tooManyOpen() {
    return open.get() > openLimit;
  }

  /** How many descriptors this process may have. */
  private static long descriptors() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /** Waits for what is under way. The stores are closed first. */
  @Override
  public void close() {
    transfers.close();
    syncs.close();
  }

  private static ExecutorService pool(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // Bounded by what the protocols admit at a time.
            task ->
                Thread.ofPlatform().daemon().name(name + number.incrementAndGet()).unstarted(task));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
