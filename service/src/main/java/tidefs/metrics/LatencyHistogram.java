package tidefs.metrics;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long operations of one kind took: counts in buckets of four to each power of two, from a
 * microsecond to about a minute. To count costs two uncontended atomic additions.
 */
public final class LatencyHistogram {
  /** The first bucket ends at a microsecond, the last at 2^26 of them; one more is beyond. */
  private static final int POWERS = 26;

  private static final int STEPS = 4;
  private static final int BUCKETS = POWERS * STEPS + 2;
  private static final int NANOS = BUCKETS;
  private static final int STRIPES = 8;
  private static final int STRIPE_LONGS = (BUCKETS + 1 + 7) & ~7;

  private final AtomicLongArray stripes = new AtomicLongArray(STRIPES * STRIPE_LONGS);

  /** Counts one operation. */
  public void count(long nanos) {
    int base = ((int) Thread.currentThread().threadId() & (STRIPES - 1)) * STRIPE_LONGS;
    stripes.getAndAdd(base + bucket(nanos), 1);
    stripes.getAndAdd(base + NANOS, nanos);
  }

  private static int bucket(long nanos) {
    long micros = (nanos + 999) / 1_000; // A bucket holds what is at most its bound.
    if (micros <= 1) {
      return 0;
    }
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros - 1);
    int step = (int) (((micros - 1 - (1L << power)) * STEPS) >>> power);
    return Math.min(1 + power * STEPS + step, BUCKETS - 1);
  }

  /** All counts so far: of operations that took at most 2^i microseconds, and altogether. */
  public Snapshot snapshot() {
    long[] atMost = new long[POWERS + 1];
    long all = 0;
    long nanos = 0;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      nanos += stripes.get(stripe * STRIPE_LONGS + NANOS);
    }
    for (int i = 0; i < BUCKETS; i++) {
      for (int stripe = 0; stripe < STRIPES; stripe++) {
        all += stripes.get(stripe * STRIPE_LONGS + i);
      }
      if (i % STEPS == 0 && i / STEPS <= POWERS) {
        atMost[i / STEPS] = all;
      }
    }
    return new Snapshot(atMost, all, nanos);
  }

  /** Counts of one moment. Owns its array. */
  @SuppressWarnings("ArrayRecordComponent") // Made to be read once.
  public record Snapshot(long[] atMostPowerOfTwoMicros, long count, long nanos) {}
}
