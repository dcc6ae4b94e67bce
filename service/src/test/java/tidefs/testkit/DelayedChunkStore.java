package tidefs.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/**
 * Passes on what is asked of a chunk store, but keeps writes back while it is told to, as a disk
 * does that is behind. What it kept is written when it is let go, even after newer writes.
 */
public final class DelayedChunkStore implements ChunkStore {
  private final ChunkStore chunks;
  private final List<Runnable> kept = new ArrayList<>();
  private boolean delays;

  /** Delays writes to {@code chunks}. */
  public DelayedChunkStore(ChunkStore chunks) {
    this.chunks = chunks;
  }

  /** Whether writes from now on are kept back. Those that were, stay so. */
  public synchronized void delay(boolean now) {
    delays = now;
  }

  /** Writes everything that was kept back; returns how many writes these were. */
  public synchronized int release() {
    int count = kept.size();
    kept.forEach(Runnable::run);
    kept.clear();
    return count;
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    return chunks.read(chunk, offset, target);
  }

  @Override
  public synchronized CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    if (!delays) {
      return chunks.write(chunk, offset, source);
    }
    CompletableFuture<Void> written = new CompletableFuture<>();
    ByteBuffer bytes = source.duplicate(); // The caller leaves it alone until the write is done.
    kept.add(() -> {
      chunks.write(chunk, offset, bytes).join();
      written.complete(null);
    });
    return written;
  }

  @Override
  public CompletableFuture<Void> sync(Collection<ChunkId> synced) {
    return chunks.sync(synced);
  }

  @Override
  public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
    return chunks.truncate(chunk, length);
  }

  @Override
  public CompletableFuture<Void> remove(ChunkId chunk) {
    return chunks.remove(chunk);
  }

  @Override
  public void list(ChunkSink sink) {
    chunks.list(sink);
  }

  @Override
  public void close() {
    chunks.close();
  }
}
