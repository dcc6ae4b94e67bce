package tidefs.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import tidefs.metrics.ArchiveKeys.LogPoint;
import tidefs.metrics.ArchiveKeys.StoredSeries;
import tidefs.metrics.Blocks.Block;
import tidefs.metrics.Blocks.Resolution;
import tidefs.metrics.KeyValueStore.Change;

/**
 * All points of all series, kept as CloudWatch keeps them: by the minute for 15 days, in steps of
 * five minutes for 63, by the hour for 455; what is of high resolution also by the second for three
 * hours. For concurrent use; calls may wait for a disk.
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
  private long looseWeight;
  private long agedDay = Long.MIN_VALUE;

  /** A series, and its points that are in no block yet. */
  private static final class Held {
    final int id;
    final Series series;
    final NavigableMap<Long, Loose> looseMinutes = new TreeMap<>();
    final NavigableMap<Long, Loose> looseSeconds = new TreeMap<>();
    long lastEpochSecond;

    Held(int id, Series series, long lastEpochSecond) {
      this.id = id;
      this.series = series;
      this.lastEpochSecond = lastEpochSecond;
    }

    NavigableMap<Long, Loose> loose(Resolution resolution) {
      return switch (resolution) {
        case SECOND -> looseSeconds;
        case MINUTE -> looseMinutes;
        case FIVE_MINUTES, HOUR -> Collections.emptyNavigableMap();
      };
    }
  }

  /** A point in memory, and where in the log its last part is. */
  private record Loose(StatisticSet values, long logSequence) {
    long weight() {
      return 1L + values.spread().size() / Limits.BUCKETS_PER_POINT;
    }
  }

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
      if (held != null) {
        loosen(
            held,
            point,
            sequence,
            resolution -> block(held, resolution, point.epochSecond()).logSequence() < sequence);
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
        LogPoint point =
            new LogPoint(held.id, sample.epochSecond(), sample.values(), sample.highResolution());
        points.add(point);
        loosen(held, point, sequence, _ -> true);
      }
      changes.add(new Change(ArchiveKeys.log(sequence), ArchiveKeys.encodeLog(points)));
      store.apply(changes);
      if (looseWeight > Limits.LOOSE_POINTS) {
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

  private void loosen(Held held, LogPoint point, long sequence, Predicate<Resolution> isWanted) {
    if (point.highResolution() && isWanted.test(Resolution.SECOND)) {
      loosen(held.looseSeconds, point.epochSecond(), point.values(), sequence);
    }
    if (isWanted.test(Resolution.MINUTE)) {
      long minute = Resolution.MINUTE.pointStart(point.epochSecond());
      loosen(held.looseMinutes, minute, point.values(), sequence);
    }
    held.lastEpochSecond = Math.max(held.lastEpochSecond, point.epochSecond());
  }

  private void loosen(
      NavigableMap<Long, Loose> loose, long time, StatisticSet more, long sequence) {
    Loose before = loose.get(time);
    Loose after = new Loose(before == null ? more : before.values().plus(more), sequence);
    loose.put(time, after);
    looseWeight += after.weight() - (before == null ? 0 : before.weight());
  }

  /** Packs what is in memory, and once a day what has aged. To be called every hour. */
  public void maintain(Instant now) {
    lock.lock();
    try {
      pack();
      for (Held held : byId.values()) {
        ageSeconds(held, now.getEpochSecond());
      }
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
      List<Change> changes = new ArrayList<>();
      pack(held, Resolution.SECOND, changes);
      pack(held, Resolution.MINUTE, changes);
      if (changes.isEmpty()) {
        continue;
      }
      changes.add(
          new Change(
              ArchiveKeys.series(held.id),
              ArchiveKeys.encodeSeries(held.series, held.lastEpochSecond)));
      store.apply(changes);
      held.looseSeconds.clear();
      held.looseMinutes.clear();
    }
    looseWeight = 0;
    List<Change> spent = new ArrayList<>();
    for (long each = firstLog; each < nextLog - 1; each++) {
      spent.add(new Change(ArchiveKeys.log(each), null));
    }
    // The last stays, empty: the numbers after a restart go on from it.
    if (nextLog > 1) {
      spent.add(new Change(ArchiveKeys.log(nextLog - 1), ArchiveKeys.encodeLog(List.of())));
    }
    firstLog = Math.max(firstLog, nextLog - 1);
    store.apply(spent);
  }

  /** Adds changes that bring the points in memory into blocks. */
  private void pack(Held held, Resolution resolution, List<Change> changes) {
    Map<Long, Block> blocks = new HashMap<>();
    held.loose(resolution)
        .forEach((time, loose) -> {
          long start = resolution.blockStart(time);
          Block block = blocks.computeIfAbsent(start, _ -> block(held, resolution, time));
          block.points().merge(time, loose.values(), StatisticSet::plus);
        });
    blocks.forEach((start, block) ->
        changes.add(
            new Change(
                ArchiveKeys.block(held.id, resolution, start),
                Blocks.encode(new Block(nextLog - 1, block.points()), start, resolution))));
  }

  private Block block(Held held, Resolution resolution, long time) {
    long start = resolution.blockStart(time);
    return store
        .get(ArchiveKeys.block(held.id, resolution, start))
        .map(value -> Blocks.decode(value, start, resolution))
        .orElseGet(() -> new Block(0, new TreeMap<>()));
  }

  private void ageSeconds(Held held, long now) {
    long border = now - Resolution.SECOND.keptSeconds;
    List<Change> changes = remove(held, Resolution.SECOND, border);
    if (!changes.isEmpty()) {
      store.apply(changes);
    }
  }

  /** Changes that remove the blocks that end at {@code border} or before. */
  private List<Change> remove(Held held, Resolution resolution, long border) {
    List<Change> changes = new ArrayList<>();
    scan(
        held,
        resolution,
        Long.MIN_VALUE,
        border,
        (key, _) -> {
          if (ArchiveKeys.blockStart(key) + resolution.blockSeconds <= border) {
            changes.add(new Change(key, null));
          }
        });
    return changes;
  }

  private void age(Held held, long now) {
    boolean alive = !held.looseMinutes.isEmpty();
    for (Resolution resolution : Resolution.values()) {
      // Whole blocks of the next resolution at a time, so that it never has half of a point.
      long aged = Resolution.FIVE_MINUTES.blockStart(now - resolution.keptSeconds);
      List<Change> changes = remove(held, resolution, aged);
      switch (resolution) {
        case MINUTE -> changes.addAll(aged(held, resolution, aged, Resolution.FIVE_MINUTES));
        case FIVE_MINUTES -> changes.addAll(aged(held, resolution, aged, Resolution.HOUR));
        case SECOND, HOUR -> {}
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

  /** Changes that bring points before {@code border} into blocks of {@code coarser}. */
  private List<Change> aged(Held held, Resolution resolution, long border, Resolution coarser) {
    Map<Long, Block> blocks = new HashMap<>();
    points(held, resolution, Long.MIN_VALUE, border)
        .forEach((time, values) -> {
          Block block =
              blocks.computeIfAbsent(coarser.blockStart(time), _ -> block(held, coarser, time));
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

  /** What is kept at one resolution, in blocks. */
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

  /** What is kept at one resolution, in blocks and in memory. */
  private NavigableMap<Long, StatisticSet> all(
      Held held, Resolution resolution, long from, long to) {
    NavigableMap<Long, StatisticSet> points = points(held, resolution, from, to);
    held.loose(resolution)
        .subMap(from, true, to, false)
        .forEach((time, loose) -> points.merge(time, loose.values(), StatisticSet::plus));
    return points;
  }

  /** Points by the second, and minutes of which there is no more than the whole. */
  private NavigableMap<Long, StatisticSet> fine(Held held, long from, long to) {
    NavigableMap<Long, StatisticSet> points = all(held, Resolution.SECOND, from, to);
    NavigableMap<Long, StatisticSet> minutes = all(held, Resolution.MINUTE, from, to);
    points.keySet().forEach(time -> minutes.remove(Resolution.MINUTE.pointStart(time)));
    points.putAll(minutes);
    return points;
  }

  /**
   * The points of a metric in {@code from <= time < to}, in periods that begin at {@code from}.
   *
   * @param unit the unit asked for; empty for any
   * @param periodSeconds what each point covers. Points that are kept at a coarser resolution only
   *     are left out, as CloudWatch does; but a period of less than a minute has a whole minute's
   *     point at its beginning, where nothing finer was published
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
        if (periodSeconds < Limits.MINUTE_SECONDS) {
          merge(fine(held, from, to), from, periodSeconds, result);
          continue;
        }
        for (Resolution resolution : Resolution.values()) {
          // Points of a second are in those of a minute too.
          if (resolution != Resolution.SECOND && resolution.seconds <= periodSeconds) {
            merge(all(held, resolution, from, to), from, periodSeconds, result);
          }
        }
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
    points.forEach((time, values) ->
        result.merge(time - Math.floorMod(time - from, periodSeconds), values, StatisticSet::plus));
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
