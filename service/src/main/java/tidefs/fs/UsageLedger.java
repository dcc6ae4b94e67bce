package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
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
  private static final byte WITH_CLASSES = 2;
  private static final int SPINS = 2_000;

  private final MetadataStore store;
  private final Stripe[] stripes = new Stripe[STRIPES];

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();
    final byte[] key;
    volatile Usage held = Usage.ZERO;

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

  /** Applies {@code batch}, which adds so much; null if nothing. */
  long apply(Batch batch, @Nullable Usage more, long hint, Blocking blocking) {
    if (more == null) {
      return store.apply(batch, blocking);
    }
    Stripe stripe = stripes[(int) (hint & (STRIPES - 1))];
    lock(stripe.lock, blocking);
    try {
      Usage next = stripe.held.plus(more);
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
    Usage sum = Usage.ZERO;
    for (Stripe each : stripes) {
      sum = sum.plus(each.held);
    }
    return sum;
  }

  static byte[] encode(Usage usage) {
    boolean classes = usage.anyCold();
    ByteBuffer out = ByteBuffer.allocate(classes ? 49 : 17).put(classes ? WITH_CLASSES : FORMAT);
    out.putLong(usage.standardBytes()).putLong(usage.inodes());
    if (classes) {
      put(out, usage.infrequentAccess());
      put(out, usage.archive());
    }
    return out.array();
  }

  static Usage decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte format = in.get();
    long standard = in.getLong();
    long inodes = in.getLong();
    return format == FORMAT
        ? Usage.standard(standard, inodes)
        : new Usage(standard, cold(in), cold(in), inodes);
  }

  private static void put(ByteBuffer out, Usage.Cold cold) {
    out.putLong(cold.bytes()).putLong(cold.overheadBytes());
  }

  private static Usage.Cold cold(ByteBuffer in) {
    return new Usage.Cold(in.getLong(), in.getLong());
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
