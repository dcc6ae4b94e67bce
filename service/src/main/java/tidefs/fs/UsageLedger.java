package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.MetadataStore;

/**
 * What the file system holds, exactly, in the store too: the sum of a few counters. A batch that
 * changes the sum carries the new value of one counter, and the counter's lock makes the order of
 * the values that of the batches.
 */
final class UsageLedger {
  private static final int STRIPES = 8;
  private static final byte FORMAT = 1;
  private static final int SPINS = 2_000;

  private final MetadataStore store;
  private final Stripe[] stripes = new Stripe[STRIPES];

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();
    final byte[] key;
    volatile Usage held = new Usage(0, 0);

    Stripe(int number) {
      key = Keys.usage(number);
    }
  }

  UsageLedger(MetadataStore store) {
    this.store = store;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe(i);
    }
    try (Entries all = store.scan(Keys.first(Keys.USAGE), Keys.end(Keys.USAGE), Blocking.ALLOWED)) {
      while (all.next()) {
        stripes[all.key()[1]].held = decode(all.value());
      }
    }
  }

  /** Applies {@code batch}, which adds so many bytes and inodes. */
  long apply(Batch batch, long bytes, long inodes, long hint, Blocking blocking) {
    if (bytes == 0 && inodes == 0) {
      return store.apply(batch, blocking);
    }
    Stripe stripe = stripes[(int) (hint & (STRIPES - 1))];
    lock(stripe.lock, blocking);
    try {
      Usage held = stripe.held;
      Usage next = new Usage(held.meteredBytes() + bytes, held.inodes() + inodes);
      batch.put(stripe.key, encode(next));
      long sequence = store.apply(batch, blocking);
      stripe.held = next;
      return sequence;
    } finally {
      stripe.lock.unlock();
    }
  }

  /** The sum. */
  Usage usage() {
    long bytes = 0;
    long inodes = 0;
    for (Stripe each : stripes) {
      Usage held = each.held;
      bytes += held.meteredBytes();
      inodes += held.inodes();
    }
    return new Usage(bytes, inodes);
  }

  static byte[] encode(Usage usage) {
    return ByteBuffer.allocate(17)
        .put(FORMAT)
        .putLong(usage.meteredBytes())
        .putLong(usage.inodes())
        .array();
  }

  static Usage decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Usage(in.getLong(1), in.getLong(9));
  }

  private static void lock(ReentrantLock lock, Blocking blocking) {
    if (lock.tryLock()) {
      return;
    }
    if (blocking == Blocking.ALLOWED) {
      lock.lock();
      return;
    }
    for (int i = 0; i < SPINS; i++) {
      Thread.onSpinWait();
      if (lock.tryLock()) {
        return;
      }
    }
    throw WouldBlock.INSTANCE;
  }
}
