package tidefs.store.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.base.Invariant;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/** Chunks on the heap. They outlive a close: the same object can be used again, as a disk can. */
public final class MemoryChunkStore implements ChunkStore {
  private final ConcurrentHashMap<ChunkId, Chunk> chunks = new ConcurrentHashMap<>();

  private static final class Chunk {
    private byte[] bytes = {};

    synchronized void read(int offset, ByteBuffer target) {
      int at = target.position();
      int there = Math.clamp((long) bytes.length - offset, 0, target.remaining());
      if (there > 0) {
        target.put(at, bytes, offset, there);
      }
      for (int i = at + there; i < target.limit(); i++) {
        target.put(i, (byte) 0);
      }
    }

    synchronized void write(int offset, ByteBuffer source) {
      int end = offset + source.remaining();
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, end);
      }
      source.get(source.position(), bytes, offset, source.remaining());
    }

    synchronized int length() {
      return bytes.length;
    }

    synchronized void truncate(int length) {
      if (length < bytes.length) {
        bytes = Arrays.copyOf(bytes, length);
      }
    }
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    check(offset, target);
    Chunk found = chunks.get(chunk);
    (found == null ? new Chunk() : found).read(offset, target);
    return DONE;
  }

  @Override
  public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    check(offset, source);
    if (source.hasRemaining()) {
      chunks.computeIfAbsent(chunk, _ -> new Chunk()).write(offset, source);
    }
    return DONE;
  }

  @Override
  public CompletableFuture<Void> sync(Collection<ChunkId> synced) {
    return DONE;
  }

  @Override
  public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
    Invariant.check(length >= 0 && length <= CHUNK_BYTES, "a length lies in the chunk");
    Chunk found = chunks.get(chunk);
    if (found != null) {
      found.truncate(length);
    }
    return DONE;
  }

  @Override
  public CompletableFuture<Void> remove(ChunkId chunk) {
    chunks.remove(chunk);
    return DONE;
  }

  @Override
  public void list(ChunkSink sink) {
    chunks.forEach((id, chunk) -> sink.chunk(id, chunk.length()));
  }

  /** The number of chunks that exist. */
  public int size() {
    return chunks.size();
  }

  @Override
  public void close() {}

  private static void check(int offset, ByteBuffer buffer) {
    Invariant.check(
        offset >= 0 && (long) offset + buffer.remaining() <= CHUNK_BYTES,
        "a range lies in the chunk");
    Invariant.check(buffer.isDirect(), "buffers of chunks are direct");
  }
}
