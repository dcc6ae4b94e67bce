package tidefs.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The format of a record in the journal, the same for every driver. All integers are big-endian.
 *
 * <pre>
 *  0  4  CRC32C of everything after it, payload included
 *  4  1  format, 1; a zero here is space that was never written
 *  5  3  zero
 *  8  8  epoch of the writer
 * 16  8  sequence number
 * 24  4  length of the payload in bytes
 * 28     payload
 * </pre>
 */
public final class JournalRecord {
  /** What precedes the payload. */
  public static final int HEADER_BYTES = 28;

  /** The largest record. */
  public static final int MAX_BYTES = HEADER_BYTES + Limits.BATCH_BYTES;

  /** The format that is written. */
  public static final byte FORMAT = 1;

  private static final int FORMAT_OFFSET = 4;
  private static final int EPOCH_OFFSET = 8;
  private static final int SEQUENCE_OFFSET = 16;
  private static final int LENGTH_OFFSET = 24;

  private JournalRecord() {}

  /**
   * Puts a record at the position of {@code target}, which moves behind it.
   *
   * @param crc an object to reuse
   */
  public static void encode(
      ByteBuffer target, CRC32C crc, long epoch, long sequence, byte[] source, int from, int to) {
    int start = target.position();
    target.putInt(0).putInt(FORMAT << 24).putLong(epoch).putLong(sequence).putInt(to - from);
    target.put(source, from, to - from);
    target.putInt(start, checksum(target, crc, start, target.position()));
  }

  /**
   * The length of the whole record at {@code at} if there is a valid one that ends before the
   * limit, else -1.
   */
  public static int validLength(ByteBuffer buffer, int at, CRC32C crc) {
    int room = buffer.limit() - at;
    if (room < HEADER_BYTES || buffer.getInt(at + FORMAT_OFFSET) != FORMAT << 24) {
      return -1;
    }
    int payload = buffer.getInt(at + LENGTH_OFFSET);
    if (payload < 0 || payload > room - HEADER_BYTES) {
      return -1;
    }
    int end = at + HEADER_BYTES + payload;
    return checksum(buffer, crc, at, end) == buffer.getInt(at) ? end - at : -1;
  }

  /** The epoch of the valid record at {@code at}. */
  public static long epoch(ByteBuffer buffer, int at) {
    return buffer.getLong(at + EPOCH_OFFSET);
  }

  /** The sequence number of the valid record at {@code at}. */
  public static long sequence(ByteBuffer buffer, int at) {
    return buffer.getLong(at + SEQUENCE_OFFSET);
  }

  /** The payload of the valid record of {@code length} bytes at {@code at}. */
  public static ByteBuffer payload(ByteBuffer buffer, int at, int length) {
    return buffer.slice(at + HEADER_BYTES, length - HEADER_BYTES);
  }

  private static int checksum(ByteBuffer buffer, CRC32C crc, int start, int end) {
    crc.reset();
    int position = buffer.position();
    int limit = buffer.limit();
    buffer.limit(end).position(start + FORMAT_OFFSET);
    crc.update(buffer);
    buffer.limit(limit).position(position);
    return (int) crc.getValue();
  }
}
