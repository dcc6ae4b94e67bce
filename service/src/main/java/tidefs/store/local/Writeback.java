package tidefs.store.local;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import tidefs.store.ChunkId;

/**
 * Makes chunks durable that nobody has asked for yet, those first that were written first, so that
 * little is left to do when somebody asks.
 */
final class Writeback {
  private static final int LONGEST_QUEUE = 16 << 10;
  private static final int LOOK_AT = 8;

  private final ChunkTable table;
  private final ChunkResources resources;
  private final ConcurrentLinkedQueue<ChunkId> written = new ConcurrentLinkedQueue<>();
  private final AtomicInteger length = new AtomicInteger();

  Writeback(ChunkTable table, ChunkResources resources) {
    this.table = table;
    this.resources = resources;
  }

  /** {@code chunk} was written. Begins with the oldest ones if there is too much. */
  void written(OpenChunk chunk) {
    if (chunk.enqueue()) {
      written.add(chunk.id());
      length.incrementAndGet();
    }
    for (int i = 0; i < LOOK_AT && isDue(); i++) {
      ChunkId eldest = written.poll();
      if (eldest == null || begin(eldest)) {
        return;
      }
    }
  }

  private boolean isDue() {
    return resources.ratherDirty() || length.get() > LONGEST_QUEUE;
  }

  /** True if there was something to do. */
  private boolean begin(ChunkId id) {
    length.decrementAndGet();
    OpenChunk chunk = table.enter(id);
    if (chunk == null) {
      return false;
    }
    chunk.dequeued();
    boolean dirty = !chunk.isClean();
    Futures.afterwards(chunk.sync(), chunk::exit);
    return dirty;
  }
}
