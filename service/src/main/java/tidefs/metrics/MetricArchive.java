package tidefs.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import tidefs.metrics.ArchiveKeys.LogPoint;
import tidefs.metrics.ArchiveKeys.StoredSeries;
import tidefs.metrics.Blocks.Block;
import tidefs.metrics.Blocks.Resolution;
import tidefs.metrics.KeyValueStore.Change;

/**
 * All points of all series, kept as CloudWatch keeps them: by the minute for 15 days, in steps of
 * five minutes for 63, by the hour for 455. For concurrent use; calls may wait for a disk.
 *
 * <p>A new point goes to memory and, with the others of its minute, to a log. Once an hour all that
 * is in memory is packed into blocks, one for each series, hour and resolution, and the log is
 * emptied. A block remembers how far in the log it reaches, so that a log that is read again after
 * a crash adds nothing twice. What has become too old for its resolution is packed into the next.
 */
public final class MetricArchive {
  private final KeyValueStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Series, Held> bySeries = new HashMap<>();
  private final Map<Integer, Held> byId = new HashMap<>();
  private int lastId;
  private long firstLog = 1;
  private long nextLog = 1;
  private int loosePoints;
  private long agedDay = Long.MIN_VALUE;

  /** A series, and its points that are in no block yet. */
  private static final class Held {
    final int id;
    final Series series;
    final NavigableMap<Long, Loose> loose = new TreeMap<>();
    long lastEpochSecond;

    Held(int id, Series series, long lastEpochSecond) {
      this.id = id;
      this.series = series;
      this.lastEpochSecond = lastEpochSecond;
    }
  }

  /** A point in memory, and where in the log its last part is. */
  private record Loose(StatisticSet values, long logSequence) {}

  /** Too many series. */
  public static final class FullException extends Exception {
    private static final long serialVersionUID = 1;

    FullException() {
      super("the archive holds as many series as it may", null, false, false);
    }
  }

  /** Opens the archive in {@code store}, where keys that begin with b, s and w are its own. */
  public MetricArchive(KeyValueStore store) {
    this.store = store;
    store.scan(
        ArchiveKeys.first(ArchiveKeys.SERIES), ArchiveKeys.end(ArchiveKeys.SERIES), this::load);
    store.scan(ArchiveKeys.first(ArchiveKeys.LOG), ArchiveKeys.end(ArchiveKeys.LOG), this::replay);
  }

  private void load(byte[] key, byte[] value) {
    int id = java.nio.ByteBuffer.wrap(key).getInt(1);
    StoredSeries stored = ArchiveKeys.decodeSeries(value);
    add(new Held(id, stored.series(), stored.lastEpochSecond()));
    lastId = Math.max(lastId, id);
  }

  private void replay(byte[] key, byte[] value) {
    long sequence = ArchiveKeys.logSequence(key);
    if (nextLog == 1) {
      firstLog = sequence;
    }
    nextLog = sequence + 1;
    for (LogPoint point : ArchiveKeys.decodeLog(value)) {
      Held held = byId.get(point.series());
      if (held != null && block(held, point.epochSecond()).logSequence() < sequence) {
        loosen(held, point, sequence);
      }
    }
  }

  private void add(Held held) {
    bySeries.put(held.series, held);
    byId.put(held.id, held);
  }

  /**
   * Adds samples to the minutes that they belong to.
   *
   * @throws FullException if a new series would be one too many; nothing is added
   */
  public void put(List<Sample> samples) throws FullException {
    lock.lock();
    try {
      refuseTooMany(samples);
      List<Change> changes = new ArrayList<>();
      List<LogPoint> points = new ArrayList<>();
      long sequence = nextLog++;
      for (Sample sample : samples) {
        Held held = held(sample.series(), changes);
        LogPoint point = new LogPoint(held.id, sample.epochSecond(), sample.values());
        points.add(point);
        loosen(held, point, sequence);
      }
      changes.add(new Change(ArchiveKeys.log(sequence), ArchiveKeys.encodeLog(points)));
      store.apply(changes);
      if (loosePoints > Limits.LOOSE_POINTS) {
        pack();
      }
    } finally {
      lock.unlock();
    }
  }

  private void refuseTooMany(List<Sample> samples) throws FullException {
    long fresh =
        samples.stream()
            .map(Sample::series)
            .distinct()
            .filter(series -> !bySeries.containsKey(series))
            .count();
    if (fresh + bySeries.size() > Limits.SERIES) {
      throw new FullException();
    }
  }

  private Held held(Series series, List<Change> changes) {
    Held held = bySeries.get(series);
    if (held == null) {
      held = new Held(++lastId, series, 0);
      add(held);
      changes.add(new Change(ArchiveKeys.series(held.id), ArchiveKeys.encodeSeries(series, 0)));
    }
    return held;
  }

  private void loosen(Held held, LogPoint point, long sequence) {
    Loose before = held.loose.get(point.epochSecond());
    StatisticSet values = before == null ? point.values() : before.values().plus(point.values());
    held.loose.put(point.epochSecond(), new Loose(values, sequence));
    held.lastEpochSecond = Math.max(held.lastEpochSecond, point.epochSecond());
    loosePoints += before == null ? 1 : 0;
  }

  /** Packs what is in memory, and once a day what has aged. To be called every hour. */
  public void maintain(Instant now) {
    lock.lock();
    try {
      pack();
      long day = Math.floorDiv(now.getEpochSecond(), Limits.DAY_SECONDS);
      if (day != agedDay) {
        agedDay = day;
        for (Held held : List.copyOf(byId.values())) {
          age(held, now.getEpochSecond());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void pack() {
    for (Held held : byId.values()) {
      if (held.loose.isEmpty()) {
        continue;
      }
      Map<Long, Block> blocks = new HashMap<>();
      held.loose.forEach((time, loose) -> {
        long start = Resolution.MINUTE.blockStart(time);
        Block block = blocks.computeIfAbsent(start, _ -> block(held, time));
        block.points().merge(time, loose.values(), StatisticSet::plus);
      });
      List<Change> changes = new ArrayList<>();
      blocks.forEach((start, block) ->
          changes.add(
              new Change(
                  ArchiveKeys.block(held.id, Resolution.MINUTE, start),
                  Blocks.encode(
                      new Block(nextLog - 1, block.points()), start, Resolution.MINUTE))));
      changes.add(
          new Change(
              ArchiveKeys.series(held.id),
              ArchiveKeys.encodeSeries(held.series, held.lastEpochSecond)));
      store.apply(changes);
      loosePoints -= held.loose.size();
      held.loose.clear();
    }
    List<Change> spent = new ArrayList<>();
    for (long each = firstLog; each < nextLog - 1; each++) {
      spent.add(new Change(ArchiveKeys.log(each), null));
    }
    // The last stays: the numbers after a restart go on from it, and blocks know they have it.
    firstLog = Math.max(firstLog, nextLog - 1);
    store.apply(spent);
  }

  private Block block(Held held, long time) {
    long start = Resolution.MINUTE.blockStart(time);
    return store
        .get(ArchiveKeys.block(held.id, Resolution.MINUTE, start))
        .map(value -> Blocks.decode(value, start, Resolution.MINUTE))
        .orElseGet(() -> new Block(0, new TreeMap<>()));
  }

  private void age(Held held, long now) {
    boolean alive = !held.loose.isEmpty();
    for (Resolution resolution : Resolution.values()) {
      // Whole blocks of the next resolution at a time, so that it never has half of a point.
      long border = now - (long) resolution.keptDays * Limits.DAY_SECONDS;
      long aged = Resolution.FIVE_MINUTES.blockStart(border);
      NavigableMap<Long, StatisticSet> points = points(held, resolution, Long.MIN_VALUE, aged);
      List<Change> changes = new ArrayList<>();
      scan(
          held,
          resolution,
          Long.MIN_VALUE,
          aged,
          (key, _) -> {
            if (ArchiveKeys.blockStart(key) + resolution.blockSeconds <= aged) {
              changes.add(new Change(key, null));
            }
          });
      switch (resolution) {
        case MINUTE -> changes.addAll(merged(held, Resolution.FIVE_MINUTES, points));
        case FIVE_MINUTES -> changes.addAll(merged(held, Resolution.HOUR, points));
        case HOUR -> {}
      }
      store.apply(changes);
      alive |= holdsBlocks(held, resolution);
    }
    if (!alive) {
      bySeries.remove(held.series);
      byId.remove(held.id);
      store.apply(List.of(new Change(ArchiveKeys.series(held.id), null)));
    }
  }

  private boolean holdsBlocks(Held held, Resolution resolution) {
    boolean[] any = {false};
    scan(held, resolution, Long.MIN_VALUE, Long.MAX_VALUE, (_, _) -> any[0] = true);
    return any[0];
  }

  /** Changes that bring {@code points}, of a finer resolution, into blocks of {@code coarser}. */
  private List<Change> merged(
      Held held, Resolution coarser, NavigableMap<Long, StatisticSet> points) {
    Map<Long, Block> blocks = new HashMap<>();
    points.forEach((time, values) -> {
      long start = coarser.blockStart(time);
      Block block =
          blocks.computeIfAbsent(
              start,
              _ ->
                  store
                      .get(ArchiveKeys.block(held.id, coarser, start))
                      .map(value -> Blocks.decode(value, start, coarser))
                      .orElseGet(() -> new Block(0, new TreeMap<>())));
      block.points().merge(coarser.pointStart(time), values, StatisticSet::plus);
    });
    List<Change> changes = new ArrayList<>();
    blocks.forEach((start, block) ->
        changes.add(
            new Change(
                ArchiveKeys.block(held.id, coarser, start), Blocks.encode(block, start, coarser))));
    return changes;
  }

  private void scan(
      Held held,
      Resolution resolution,
      long from,
      long to,
      java.util.function.BiConsumer<byte[], byte[]> entry) {
    long first = Math.max(0, from == Long.MIN_VALUE ? 0 : resolution.blockStart(from));
    store.scan(
        ArchiveKeys.block(held.id, resolution, first),
        ArchiveKeys.block(held.id, resolution, Math.max(to, 0)),
        entry);
  }

  private NavigableMap<Long, StatisticSet> points(
      Held held, Resolution resolution, long from, long to) {
    NavigableMap<Long, StatisticSet> points = new TreeMap<>();
    scan(
        held,
        resolution,
        from,
        to,
        (key, value) ->
            points.putAll(
                Blocks.decode(value, ArchiveKeys.blockStart(key), resolution)
                    .points()
                    .subMap(from, true, to, false)));
    return points;
  }

  /**
   * The points of a metric in {@code from <= time < to}, in periods that begin at {@code from}.
   *
   * @param unit the unit asked for; empty for any
   * @param periodSeconds what each point covers; a multiple of a minute. Points that are kept at a
   *     coarser resolution only are left out, as CloudWatch does
   */
  public NavigableMap<Long, StatisticSet> read(
      Metric metric, String unit, long from, long to, int periodSeconds) {
    NavigableMap<Long, StatisticSet> result = new TreeMap<>();
    lock.lock();
    try {
      for (Series series : seriesOf(metric, unit)) {
        Held held = bySeries.get(series);
        if (held == null) {
          continue;
        }
        for (Resolution resolution : Resolution.values()) {
          if (resolution.seconds <= periodSeconds) {
            merge(points(held, resolution, from, to), from, periodSeconds, result);
          }
        }
        held.loose
            .subMap(from, true, to, false)
            .forEach((time, loose) -> merge(time, loose.values(), from, periodSeconds, result));
      }
    } finally {
      lock.unlock();
    }
    return result;
  }

  private List<Series> seriesOf(Metric metric, String unit) {
    return unit.isEmpty()
        ? Units.ALL.stream().map(each -> new Series(metric, each)).toList()
        : List.of(new Series(metric, unit));
  }

  private static void merge(
      NavigableMap<Long, StatisticSet> points,
      long from,
      int periodSeconds,
      NavigableMap<Long, StatisticSet> result) {
    points.forEach((time, values) -> merge(time, values, from, periodSeconds, result));
  }

  private static void merge(
      long time,
      StatisticSet values,
      long from,
      int periodSeconds,
      NavigableMap<Long, StatisticSet> result) {
    result.merge(time - Math.floorMod(time - from, periodSeconds), values, StatisticSet::plus);
  }

  /** The unit in which a metric has points; the first if there are several, "None" if none. */
  public String unitOf(Metric metric) {
    lock.lock();
    try {
      return Units.ALL.stream()
          .filter(unit -> bySeries.containsKey(new Series(metric, unit)))
          .findFirst()
          .orElse(Units.NONE);
    } finally {
      lock.unlock();
    }
  }

  /** The metrics that had a point within {@code age} of {@code now}, in order. */
  public Collection<Metric> metrics(Instant now, Duration age) {
    long since = now.minus(age).getEpochSecond();
    lock.lock();
    try {
      return bySeries.values().stream()
          .filter(held -> held.lastEpochSecond >= since)
          .map(held -> held.series.metric())
          .sorted()
          .distinct()
          .toList();
    } finally {
      lock.unlock();
    }
  }
}
