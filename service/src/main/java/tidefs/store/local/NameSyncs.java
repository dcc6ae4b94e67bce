package tidefs.store.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Which directories of chunks are durable. A directory that this process has not synced yet is
 * taken for changed: a process before it may have been killed.
 */
final class NameSyncs {
  private static final Executor HERE = Runnable::run;

  private final FileIo io;
  private final ChunkNames names;
  private final Runnable onFault;
  private final SharedSync root;
  private final ConcurrentHashMap<Integer, SharedSync> parents = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, SharedSync> buckets = new ConcurrentHashMap<>();

  /** The directories of {@code names}; {@code onFault} is called when one cannot be synced. */
  NameSyncs(FileIo io, ChunkNames names, Runnable onFault) {
    this.onFault = onFault;
    this.io = io;
    this.names = names;
    this.root = new SharedSync(() -> io.syncDirectory(names.root()), true, onFault);
  }

  /** Makes a bucket's directories, if they are not there. */
  void createDirectories(int bucket) {
    if (io.createDirectory(names.parent(bucket))) {
      root.changed();
    }
    if (io.createDirectory(names.directory(bucket))) {
      parent(bucket).changed();
    }
  }

  /** A name in a bucket came or went. */
  void changed(int bucket) {
    bucket(bucket).changed();
  }

  /** Makes the names in a bucket durable, and the bucket's own. */
  CompletableFuture<Void> sync(int bucket, Executor executor) {
    return bucket(bucket).sync(executor);
  }

  private SharedSync bucket(int bucket) {
    return buckets.computeIfAbsent(bucket, b -> new SharedSync(() -> syncBucket(b), true, onFault));
  }

  private SharedSync parent(int bucket) {
    return parents.computeIfAbsent(
        bucket >>> 8,
        _ -> new SharedSync(() -> io.syncDirectory(names.parent(bucket)), true, onFault));
  }

  private void syncBucket(int bucket) {
    if (!io.syncDirectoryIfThere(names.directory(bucket))) {
      return; // None of its chunks was ever written.
    }
    // The thread that runs a shared sync is never one that waits in a queue, so this ends.
    Futures.join(parent(bucket).sync(HERE));
    Futures.join(root.sync(HERE));
  }
}
