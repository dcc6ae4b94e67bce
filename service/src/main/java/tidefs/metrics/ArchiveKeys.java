package tidefs.metrics;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tidefs.metrics.Metric.Dimension;

/**
 * The keys of the archive and the values that are not blocks.
 *
 * <pre>
 *   's' series(32)                           what the series is, and its last point's time
 *   'b' series(32) resolution(8) start(64)   a block of points
 *   'w' sequence(64)                         points that are in no block yet
 * </pre>
 */
final class ArchiveKeys {
  static final byte SERIES = 's';
  static final byte BLOCK = 'b';
  static final byte LOG = 'w';
  private static final byte FORMAT = 1;
  private static final int LOG_POINT_BYTES = 45;

  private ArchiveKeys() {}

  static byte[] first(byte kind) {
    return new byte[] {kind};
  }

  static byte[] end(byte kind) {
    return new byte[] {(byte) (kind + 1)};
  }

  static byte[] series(int id) {
    return ByteBuffer.allocate(5).put(SERIES).putInt(id).array();
  }

  static byte[] block(int id, Blocks.Resolution resolution, long start) {
    return ByteBuffer.allocate(14)
        .put(BLOCK)
        .putInt(id)
        .put(resolution.code)
        .putLong(start)
        .array();
  }

  static long blockStart(byte[] key) {
    return ByteBuffer.wrap(key).getLong(6);
  }

  static byte[] log(long sequence) {
    return ByteBuffer.allocate(9).put(LOG).putLong(sequence).array();
  }

  static long logSequence(byte[] key) {
    return ByteBuffer.wrap(key).getLong(1);
  }

  /** A point in the log: of a second if it is of high resolution, or of a minute. */
  record LogPoint(int series, long epochSecond, StatisticSet values, boolean highResolution) {}

  static byte[] encodeLog(List<LogPoint> points) {
    int bytes = 1;
    for (LogPoint point : points) {
      bytes += LOG_POINT_BYTES + point.values().spread().mostEncodedBytes();
    }
    ByteBuffer out = ByteBuffer.allocate(bytes).put(Blocks.FORMAT);
    for (LogPoint point : points) {
      out.putInt(point.series()).putLong(point.epochSecond());
      out.put((byte) (point.highResolution() ? 1 : 0));
      Blocks.encode(point.values(), out);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  static List<LogPoint> decodeLog(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value);
    byte format = in.get();
    List<LogPoint> points = new ArrayList<>();
    while (in.hasRemaining()) {
      int series = in.getInt();
      long epochSecond = in.getLong();
      boolean highResolution = format != Blocks.FORMAT_WITHOUT_DISTRIBUTIONS && in.get() != 0;
      points.add(new LogPoint(series, epochSecond, Blocks.values(in, format), highResolution));
    }
    return points;
  }

  static byte[] encodeSeries(Series series, long lastEpochSecond) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(lastEpochSecond);
      out.writeUTF(series.unit());
      out.writeUTF(series.metric().namespace());
      out.writeUTF(series.metric().name());
      out.writeByte(series.metric().dimensions().size());
      for (Dimension dimension : series.metric().dimensions()) {
        out.writeUTF(dimension.name());
        out.writeUTF(dimension.value());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  /** A stored series and when it last had a point. */
  record StoredSeries(Series series, long lastEpochSecond) {}

  static StoredSeries decodeSeries(byte[] value) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
      in.readByte();
      long last = in.readLong();
      String unit = in.readUTF();
      String namespace = in.readUTF();
      String name = in.readUTF();
      int count = in.readUnsignedByte();
      List<Dimension> dimensions = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        dimensions.add(new Dimension(in.readUTF(), in.readUTF()));
      }
      return new StoredSeries(new Series(new Metric(namespace, name, dimensions), unit), last);
    } catch (IOException e) {
      throw new UncheckedIOException("a series in the archive is damaged", e);
    }
  }
}
