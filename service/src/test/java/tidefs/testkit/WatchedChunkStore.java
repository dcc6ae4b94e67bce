package tidefs.testkit;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/** Passes on what is asked of a chunk store, and lets a test do something before each listing. */
public final class WatchedChunkStore implements ChunkStore {
  private final ChunkStore chunks;
  private Runnable beforeList = () -> {};

  /** Passes on to {@code chunks}. */
  public WatchedChunkStore(ChunkStore chunks) {
    this.chunks = chunks;
  }

  /** What is done each time the chunks are about to be listed, by whoever lists them. */
  public void beforeList(Runnable work) {
    beforeList = work;
  }

  @Override
  public void list(ChunkSink sink) {
    beforeList.run();
    chunks.list(sink);
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    return chunks.read(chunk, offset, target);
  }

  @Override
  public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    return chunks.write(chunk, offset, source);
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
  public void close() {
    chunks.close();
  }
}
