package tidefs.metrics;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tidefs.base.SpinLock;

/**
 * Counts the requests on one file system and their bytes. To count costs two uncontended atomic
 * accesses: threads count in stripes of their own, each behind a lock bit, and whoever collects
 * empties them one after the other.
 */
public final class IoCounters {
  private static final int STRIPES = SpinLock.shares();

  private final Stripe[] stripes = new Stripe[STRIPES];

  /** A thread's share: for each kind, count and sums, minima and maxima of three measures. */
  private static final class Stripe extends SpinLock {
    private static final int KINDS = IoKind.values().length;
    private static final int MEASURES = 3;
    private final long[] counts = new long[KINDS];
    private final long[] sums = new long[KINDS * MEASURES];
    private final long[] minima = new long[KINDS * MEASURES];
    private final long[] maxima = new long[KINDS * MEASURES];

    void add(int kind, int measure, long value) {
      int at = kind * MEASURES + measure;
      boolean first = counts[kind] == 0;
      sums[at] += value;
      minima[at] = first ? value : Math.min(minima[at], value);
      maxima[at] = first ? value : Math.max(maxima[at], value);
    }

    @Nullable StatisticSet take(int kind, int measure) {
      int at = kind * MEASURES + measure;
      if (counts[kind] == 0) {
        return null;
      }
      long sum = sums[at];
      sums[at] = 0;
      return new StatisticSet(counts[kind], sum, minima[at], maxima[at]);
    }
  }

  /** No requests yet. */
  public IoCounters() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /**
   * Counts a request.
   *
   * @param bytes that the metric of its kind tells
   * @param totalBytes that it counts as TotalIOBytes
   * @param meteredBytes that it counts as MeteredIOBytes
   */
  public void count(IoKind kind, long bytes, long totalBytes, long meteredBytes) {
    Stripe stripe = stripes[SpinLock.mine(STRIPES)];
    int index = kind.index();
    stripe.lock();
    stripe.add(index, 0, bytes);
    stripe.add(index, 1, totalBytes);
    stripe.add(index, 2, meteredBytes);
    stripe.counts[index]++;
    stripe.unlock();
  }

  /** What was counted since the last call, and begins anew. */
  public Totals take() {
    Totals totals = new Totals();
    for (Stripe stripe : stripes) {
      stripe.lock();
      for (IoKind kind : IoKind.values()) {
        int index = kind.index();
        merge(totals.byKind, kind, stripe.take(index, 0));
        merge(totals.total, kind, stripe.take(index, 1));
        merge(totals.metered, kind, stripe.take(index, 2));
        stripe.counts[index] = 0;
      }
      stripe.unlock();
    }
    return totals;
  }

  private static void merge(
      Map<IoKind, StatisticSet> into, IoKind kind, @Nullable StatisticSet values) {
    if (values != null) {
      into.merge(kind, values, StatisticSet::plus);
    }
  }

  /** What was counted in some time, by kind; what did not happen is absent. */
  public static final class Totals {
    private final Map<IoKind, StatisticSet> byKind = new EnumMap<>(IoKind.class);
    private final Map<IoKind, StatisticSet> total = new EnumMap<>(IoKind.class);
    private final Map<IoKind, StatisticSet> metered = new EnumMap<>(IoKind.class);

    /** The bytes of each kind of request. */
    public Map<IoKind, StatisticSet> byKind() {
      return byKind;
    }

    /** TotalIOBytes by kind. */
    public Map<IoKind, StatisticSet> total() {
      return total;
    }

    /** MeteredIOBytes by kind. */
    public Map<IoKind, StatisticSet> metered() {
      return metered;
    }

    /** How many requests of a kind there were. */
    public long count(IoKind kind) {
      StatisticSet values = byKind.get(kind);
      return values == null ? 0 : (long) values.sampleCount();
    }
  }
}
