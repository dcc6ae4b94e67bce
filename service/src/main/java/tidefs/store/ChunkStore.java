package tidefs.store;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * Contents of files in chunks of at most {@link #CHUNK_BYTES}; one instance per file system and
 * storage class. A chunk that was never written reads as zeros, and so does the rest of a short
 * one.
 *
 * <p>Calls never block: what can be done at once (bytes in the page cache) is done in the caller
 * and an already completed future comes back, without garbage; the rest happens elsewhere. Buffers
 * are direct, belong to the caller, and must stay untouched until the future completes; the bytes
 * between position and limit are meant, and neither is moved. A failed future carries a {@link
 * StoreFault}.
 *
 * <p>Concurrent calls on one chunk are allowed; overlapping concurrent writes leave either's bytes.
 */
public interface ChunkStore extends AutoCloseable {
  /** The largest chunk, in bytes. */
  int CHUNK_BYTES = 4 << 20;

  /** A future that is complete: what a call returns that found all it needed. */
  CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  /** Fills {@code target} from {@code offset} on; zeros where nothing was written. */
  CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target);

  /**
   * Writes {@code source} at {@code offset}. Readable once complete; durable only after {@link
   * #sync}. The whole range must lie in the chunk.
   */
  CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source);

  /**
   * Reads a chunk to check it, with all copies that there are of it, as far as the store can tell
   * whether they are right. What {@code scratch} has afterwards does not matter.
   */
  default CompletableFuture<Void> verify(ChunkId chunk, ByteBuffer scratch) {
    return read(chunk, 0, scratch);
  }

  /**
   * Makes all writes, truncations and removals of {@code chunks} that completed before this call
   * durable, names included. Calls that arrive together share their syncs. After a failed sync the
   * store takes no more writes.
   */
  CompletableFuture<Void> sync(Collection<ChunkId> chunks);

  /** Cuts a chunk to {@code length} bytes, if it is longer; what follows reads as zeros. */
  CompletableFuture<Void> truncate(ChunkId chunk, int length);

  /** Removes a chunk, if it is there. */
  CompletableFuture<Void> remove(ChunkId chunk);

  /**
   * Tells {@code sink} of all chunks that are there, in any order; of one that comes or goes
   * meanwhile perhaps not. Waits for the disk, as no other call does: it is for checks.
   *
   * @throws StoreFault if they cannot be listed
   */
  void list(ChunkSink sink);

  @Override
  void close();

  /** Takes what {@link #list} tells. */
  @FunctionalInterface
  interface ChunkSink {
    /**
     * A chunk, and up to which of its bytes something was written, rounded up to what the store
     * writes at a time: less than a sector.
     */
    void chunk(ChunkId chunk, int length);
  }
}
