package tidefs.metrics;

import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Points of one series and resolution that lie together: the format of a value.
 *
 * <p>A byte of format, the sequence number of the log up to which points have gone in (64 bits),
 * and for each point its place in the block (16 bits) and four doubles.
 */
final class Blocks {
  private static final byte FORMAT = 1;
  private static final int HEADER_BYTES = 9;
  private static final int POINT_BYTES = 34;

  private Blocks() {}

  /** The resolutions that points are kept at, and how much time one block covers. */
  enum Resolution {
    MINUTE(0, Limits.MINUTE_SECONDS, Limits.HOUR_SECONDS, Limits.MINUTE_POINTS_DAYS),
    FIVE_MINUTES(
        1, Limits.FIVE_MINUTES_SECONDS, Limits.DAY_SECONDS, Limits.FIVE_MINUTE_POINTS_DAYS),
    HOUR(2, Limits.HOUR_SECONDS, 30 * Limits.DAY_SECONDS, Limits.HOUR_POINTS_DAYS);

    final byte code;
    final int seconds;
    final int blockSeconds;
    final int keptDays;

    Resolution(int code, int seconds, int blockSeconds, int keptDays) {
      this.code = (byte) code;
      this.seconds = seconds;
      this.blockSeconds = blockSeconds;
      this.keptDays = keptDays;
    }

    long blockStart(long epochSecond) {
      return epochSecond - Math.floorMod(epochSecond, blockSeconds);
    }

    long pointStart(long epochSecond) {
      return epochSecond - Math.floorMod(epochSecond, seconds);
    }
  }

  /** The points of a block by their times, and how far in the log it reaches. */
  record Block(long logSequence, NavigableMap<Long, StatisticSet> points) {
    static final Block EMPTY = new Block(0, new TreeMap<>());
  }

  static byte[] encode(Block block, long start, Resolution resolution) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + POINT_BYTES * block.points().size());
    out.put(FORMAT).putLong(block.logSequence());
    block
        .points()
        .forEach((time, values) -> {
          out.putShort((short) ((time - start) / resolution.seconds));
          encode(values, out);
        });
    return out.array();
  }

  static Block decode(byte[] value, long start, Resolution resolution) {
    ByteBuffer in = ByteBuffer.wrap(value);
    in.get();
    long sequence = in.getLong();
    NavigableMap<Long, StatisticSet> points = new TreeMap<>();
    while (in.remaining() >= POINT_BYTES) {
      long time = start + (long) in.getShort() * resolution.seconds;
      points.put(time, values(in));
    }
    return new Block(sequence, points);
  }

  static void encode(StatisticSet values, ByteBuffer out) {
    out.putDouble(values.sampleCount())
        .putDouble(values.sum())
        .putDouble(values.minimum())
        .putDouble(values.maximum());
  }

  static StatisticSet values(ByteBuffer in) {
    return new StatisticSet(in.getDouble(), in.getDouble(), in.getDouble(), in.getDouble());
  }
}
