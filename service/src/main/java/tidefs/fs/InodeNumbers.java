package tidefs.fs;

import java.nio.ByteBuffer;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.MetadataStore;

/**
 * Hands out inode numbers, none of them twice: a shard (16 bits, 0 so far) and a counter. Numbers
 * are reserved in the store in blocks; a crash wastes the rest of a block.
 */
final class InodeNumbers {
  static final long ROOT = 1;

  private final MetadataStore store;
  private long next;
  private long reservedEnd;

  InodeNumbers(MetadataStore store) {
    this.store = store;
    byte[] stored = store.get(Keys.NEXT_INO, Blocking.ALLOWED).orElseGet(() -> encode(ROOT + 1));
    next = ByteBuffer.wrap(stored).getLong();
    reservedEnd = next;
  }

  /** A number that was never handed out. */
  synchronized long next(Blocking blocking) {
    if (next == reservedEnd) {
      long end = reservedEnd + Limits.INODE_NUMBERS_RESERVED;
      // A batch that uses a number of the block comes later in the journal than this one.
      store.apply(new Batch().put(Keys.NEXT_INO, encode(end)), blocking);
      reservedEnd = end;
    }
    return next++;
  }

  /** Numbers from here on were never handed out, by this process or another. */
  synchronized long reservedEnd() {
    return reservedEnd;
  }

  /** Hands out no number below {@code floor} any more. */
  synchronized void raise(long floor) {
    if (reservedEnd < floor) {
      store.apply(new Batch().put(Keys.NEXT_INO, encode(floor)), Blocking.ALLOWED);
      reservedEnd = floor;
      next = floor;
    }
  }

  private static byte[] encode(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
