package tidefs.fs;

import java.nio.ByteBuffer;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.MetadataStore;

/**
 * Hands out generations for chunks that are moved, none of them twice in a file system, and all
 * below zero: those of layouts count from zero up. They are reserved in the store in blocks.
 */
final class Generations {
  private static final int RESERVED = 1 << 12;

  private final MetadataStore store;
  private long next;
  private long reservedEnd;

  Generations(MetadataStore store) {
    this.store = store;
    next =
        store
            .get(Keys.NEXT_MOVE, Blocking.ALLOWED)
            .map(bytes -> ByteBuffer.wrap(bytes).getLong())
            .orElse(0L);
    reservedEnd = next;
  }

  /** A generation that was never handed out; durable before anything that is applied later. */
  synchronized int next() {
    if (next == reservedEnd) {
      reserve();
    }
    return (int) (next++ & Integer.MAX_VALUE) | Integer.MIN_VALUE;
  }

  private void reserve() {
    long end = reservedEnd + RESERVED;
    byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(end).array();
    store.apply(new Batch().put(Keys.NEXT_MOVE, value), Blocking.ALLOWED);
    reservedEnd = end;
  }

  /** Passes over a block; returns the number that the next generation has, without its sign. */
  synchronized int skip() {
    next = reservedEnd + RESERVED;
    reserve();
    return (int) (next & Integer.MAX_VALUE);
  }
}
