package tidefs.metrics;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Points of one series and resolution that lie together: the format of a value.
 *
 * <p>A byte of format, the sequence number of the log up to which points have gone in (64 bits),
 * and for each point its place in the block (16 bits), four doubles and the distribution. The first
 * format had no distributions.
 */
final class Blocks {
  static final byte FORMAT_WITHOUT_DISTRIBUTIONS = 1;
  static final byte FORMAT = 2;
  private static final int HEADER_BYTES = 9;
  private static final int POINT_BYTES = 34;

  private Blocks() {}

  /** The resolutions that points are kept at, and how much time one block covers. */
  enum Resolution {
    /** Of series of high resolution only, whose points are kept by the minute too. */
    SECOND(3, 1, Limits.HOUR_SECONDS, Limits.SECOND_POINTS_SECONDS),
    MINUTE(0, Limits.MINUTE_SECONDS, Limits.HOUR_SECONDS, days(Limits.MINUTE_POINTS_DAYS)),
    FIVE_MINUTES(
        1, Limits.FIVE_MINUTES_SECONDS, Limits.DAY_SECONDS, days(Limits.FIVE_MINUTE_POINTS_DAYS)),
    HOUR(2, Limits.HOUR_SECONDS, 30 * Limits.DAY_SECONDS, days(Limits.HOUR_POINTS_DAYS));

    final byte code;
    final int seconds;
    final int blockSeconds;
    final int keptSeconds;

    Resolution(int code, int seconds, int blockSeconds, int keptSeconds) {
      this.code = (byte) code;
      this.seconds = seconds;
      this.blockSeconds = blockSeconds;
      this.keptSeconds = keptSeconds;
    }

    private static int days(int days) {
      return days * Limits.DAY_SECONDS;
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
    int bytes = HEADER_BYTES;
    for (StatisticSet values : block.points().values()) {
      bytes += POINT_BYTES + values.spread().mostEncodedBytes();
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put(FORMAT).putLong(block.logSequence());
    block
        .points()
        .forEach((time, values) -> {
          out.putShort((short) ((time - start) / resolution.seconds));
          encode(values, out);
        });
    return Arrays.copyOf(out.array(), out.position());
  }

  static Block decode(byte[] value, long start, Resolution resolution) {
    ByteBuffer in = ByteBuffer.wrap(value);
    byte format = in.get();
    long sequence = in.getLong();
    NavigableMap<Long, StatisticSet> points = new TreeMap<>();
    while (in.hasRemaining()) {
      long time = start + (long) in.getShort() * resolution.seconds;
      points.put(time, values(in, format));
    }
    return new Block(sequence, points);
  }

  static void encode(StatisticSet values, ByteBuffer out) {
    out.putDouble(values.sampleCount())
        .putDouble(values.sum())
        .putDouble(values.minimum())
        .putDouble(values.maximum());
    values.spread().encode(out);
  }

  static StatisticSet values(ByteBuffer in, byte format) {
    return new StatisticSet(
        in.getDouble(),
        in.getDouble(),
        in.getDouble(),
        in.getDouble(),
        format == FORMAT_WITHOUT_DISTRIBUTIONS ? Distribution.NONE : Distribution.decode(in));
  }
}
