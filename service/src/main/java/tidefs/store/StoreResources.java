package tidefs.store;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Env;
import org.rocksdb.Filter;
import org.rocksdb.HyperClockCache;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;
import org.rocksdb.WriteBufferManager;

/**
 * What all metadata stores of a process share, so that a thousand of them cost little more than
 * one: the block cache, the memory for changes not yet in files (charged to the cache), and the
 * threads that flush and compact. Close it after the stores.
 */
public final class StoreResources implements AutoCloseable {
  private static final int FLUSH_THREADS = 2;
  private static final int COMPACTION_THREADS = 2;
  private static final int CHECKPOINT_THREADS = 2;
  private static final double FILTER_BITS_PER_KEY = 10;

  static {
    RocksDB.loadLibrary();
  }

  private final Cache blockCache;
  private final WriteBufferManager writeBuffers;
  private final SstFileManager files;
  private final Filter filter = new BloomFilter(FILTER_BITS_PER_KEY);
  private final ExecutorService background;

  /** Resources within a budget of {@code memoryBytes}, a third of it at most for changes. */
  public StoreResources(long memoryBytes) {
    Env environment = Env.getDefault();
    environment.setBackgroundThreads(FLUSH_THREADS, Priority.HIGH);
    environment.setBackgroundThreads(COMPACTION_THREADS, Priority.LOW);
    blockCache = new HyperClockCache(memoryBytes, 0, -1, false);
    writeBuffers = new WriteBufferManager(memoryBytes / 3, blockCache, false);
    try {
      files = new SstFileManager(environment);
    } catch (RocksDBException e) {
      throw new StoreFault("RocksDB cannot be set up", e);
    }
    AtomicInteger number = new AtomicInteger();
    background =
        Executors.newFixedThreadPool(
            CHECKPOINT_THREADS,
            task ->
                Thread.ofPlatform()
                    .daemon()
                    .name("store-checkpoint-" + number.incrementAndGet())
                    .unstarted(task));
  }

  Cache blockCache() {
    return blockCache;
  }

  /** Lets states that ran out of space go on by themselves when there is some. */
  SstFileManager files() {
    return files;
  }

  Filter filter() {
    return filter;
  }

  WriteBufferManager writeBuffers() {
    return writeBuffers;
  }

  /** Runs tasks that wait for the disk and that nobody waits for. */
  ExecutorService background() {
    return background;
  }

  @Override
  public void close() {
    background.close();
    files.close();
    filter.close();
    writeBuffers.close();
    blockCache.close();
  }
}
