package tidefs.store;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chunks of cold places that were read last, for all file systems of a process together. */
public final class ObjectCache {
  private final AsyncCache<Key, byte[]> chunks;

  private record Key(ObjectChunkStore store, ChunkId chunk) {}

  /** Keeps at most about so many bytes. */
  public ObjectCache(long bytes) {
    chunks =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher((Key _, byte[] chunk) -> chunk.length + 64)
            .executor(Runnable::run)
            .buildAsync();
  }

  /** The bytes of a chunk, if they are here. */
  byte @Nullable [] find(ObjectChunkStore store, ChunkId chunk) {
    CompletableFuture<byte[]> known = chunks.getIfPresent(new Key(store, chunk));
    return known != null && known.state() == CompletableFuture.State.SUCCESS
        ? known.resultNow()
        : null;
  }

  /** The bytes of a chunk, loaded if they are not here; once for all who ask meanwhile. */
  CompletableFuture<byte[]> load(
      ObjectChunkStore store, ChunkId chunk, Supplier<CompletableFuture<byte[]>> loader) {
    return chunks.get(new Key(store, chunk), (_, _) -> loader.get());
  }

  void forget(ObjectChunkStore store, ChunkId chunk) {
    chunks.synchronous().invalidate(new Key(store, chunk));
  }
}
