package tidefs.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The format of a record in the journal, the same for every driver. All integers are big-endian.
 *
 * <pre>
 *  0  4  CRC32C of everything after it up to the end of the payload, XOR the writer's salt
 *  4  1  format, 1; a zero here is space that was never written
 *  5  3  zero
 *  8  8  epoch of the writer
 * 16  8  sequence number
 * 24  4  place among what was not durable, from 0: this many records before it were under way when
 *        it was written, all others before it were durable
 * 28  4  length of the payload in bytes
 * 32     payload, and zeros up to a multiple of 8
 * </pre>
 */
public final class JournalRecord {
  /** What precedes the payload. */
  public static final int HEADER_BYTES = 32;

  /** Records begin and end at multiples of this. */
  public static final int ALIGNMENT = 8;

  /** The largest record. */
  public static final int MAX_BYTES = HEADER_BYTES + Limits.BATCH_BYTES;

  private static final int FORMAT = 1 << 24;
  private static final int FORMAT_OFFSET = 4;
  private static final int EPOCH_OFFSET = 8;
  private static final int SEQUENCE_OFFSET = 16;
  private static final int PLACE_OFFSET = 24;
  private static final int LENGTH_OFFSET = 28;

  private JournalRecord() {}

  /**
   * Who writes records.
   *
   * @param epoch the writer's epoch
   * @param salt a number nobody can guess, so that no payload can pass for a record
   */
  public record Writer(long epoch, int salt) {}

  /** The length of a record with {@code payload} bytes of payload. */
  public static int length(int payload) {
    return (HEADER_BYTES + payload + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Puts a record at the position of {@code target}, which moves behind it. The payload is {@code
   * source} from {@code from} to {@code to}.
   *
   * @param crc an object to reuse
   * @param place how many records before it may not be durable yet
   */
  public static void encode(
      ByteBuffer target,
      CRC32C crc,
      Writer writer,
      long sequence,
      int place,
      byte[] source,
      int from,
      int to) {
    int start = target.position();
    target.putInt(0).putInt(FORMAT).putLong(writer.epoch()).putLong(sequence);
    target.putInt(place).putInt(to - from).put(source, from, to - from);
    target.putInt(start, checksum(target, crc, start, target.position()) ^ writer.salt());
    while (target.position() < start + length(to - from)) {
      target.put((byte) 0);
    }
  }

  /**
   * The length that the record at {@code at} says it has, of which at least the header is in the
   * buffer; -1 if that is no record.
   */
  public static int announcedLength(ByteBuffer buffer, int at) {
    int payload = buffer.getInt(at + LENGTH_OFFSET);
    return buffer.getInt(at + FORMAT_OFFSET) == FORMAT
            && payload >= 0
            && payload <= MAX_BYTES - HEADER_BYTES
        ? length(payload)
        : -1;
  }

  /**
   * The length of the whole record at {@code at} if there is a valid one that ends before the
   * limit, else -1.
   */
  public static int validLength(ByteBuffer buffer, int at, int salt, CRC32C crc) {
    int room = buffer.limit() - at;
    int length = room < HEADER_BYTES ? -1 : announcedLength(buffer, at);
    if (length < 0 || length > room) {
      return -1;
    }
    int end = at + HEADER_BYTES + buffer.getInt(at + LENGTH_OFFSET);
    return (checksum(buffer, crc, at, end) ^ salt) == buffer.getInt(at) ? length : -1;
  }

  /** The epoch of the valid record at {@code at}. */
  public static long epoch(ByteBuffer buffer, int at) {
    return buffer.getLong(at + EPOCH_OFFSET);
  }

  /** The sequence number of the valid record at {@code at}. */
  public static long sequence(ByteBuffer buffer, int at) {
    return buffer.getLong(at + SEQUENCE_OFFSET);
  }

  /** How many records before the valid one at {@code at} were not durable when it was written. */
  public static int place(ByteBuffer buffer, int at) {
    return buffer.getInt(at + PLACE_OFFSET);
  }

  /** The payload of the valid record at {@code at}. */
  public static ByteBuffer payload(ByteBuffer buffer, int at) {
    return buffer.slice(at + HEADER_BYTES, buffer.getInt(at + LENGTH_OFFSET));
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
