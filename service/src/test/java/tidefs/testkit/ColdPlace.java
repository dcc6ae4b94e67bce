package tidefs.testkit;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.base.Invariant;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.StoreFault;

/**
 * A place of a cold storage class, in memory. Chunks are written once and whole; one that is not
 * there cannot be read. It can be taken away and brought back.
 */
public final class ColdPlace implements ChunkStore {
  private final Map<ChunkId, byte[]> chunks = new ConcurrentHashMap<>();
  private volatile boolean away;

  /** Every call fails from now on, or works again. */
  public void away(boolean now) {
    away = now;
  }

  /** How many chunks there are. */
  public int count() {
    return chunks.size();
  }

  /** The bytes that they have together. */
  public long bytes() {
    return chunks.values().stream().mapToLong(each -> each.length).sum();
  }

  /** The chunks. */
  public Map<ChunkId, byte[]> chunks() {
    return chunks;
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    byte[] bytes = chunks.get(chunk);
    if (away || bytes == null) {
      return failed(away ? "the place is away" : "a chunk is missing");
    }
    for (int i = 0; i < target.remaining(); i++) {
      int at = offset + i;
      target.put(target.position() + i, at < bytes.length ? bytes[at] : 0);
    }
    return DONE;
  }

  @Override
  public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    if (away) {
      return failed("the place is away");
    }
    byte[] bytes = new byte[source.remaining()];
    source.get(source.position(), bytes);
    Invariant.check(offset == 0, "a chunk is written whole");
    Invariant.check(chunks.putIfAbsent(chunk, bytes) == null, "a chunk is written once");
    return DONE;
  }

  @Override
  public CompletableFuture<Void> sync(Collection<ChunkId> names) {
    return away ? failed("the place is away") : DONE;
  }

  @Override
  public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
    throw new IllegalStateException("chunks of a cold place never change");
  }

  @Override
  public CompletableFuture<Void> remove(ChunkId chunk) {
    if (away) {
      return failed("the place is away");
    }
    chunks.remove(chunk);
    return DONE;
  }

  @Override
  public void list(ChunkSink sink) {
    chunks.forEach((chunk, bytes) -> sink.chunk(chunk, bytes.length));
  }

  @Override
  public void close() {}

  private static CompletableFuture<Void> failed(String why) {
    return CompletableFuture.failedFuture(new StoreFault(why));
  }
}
