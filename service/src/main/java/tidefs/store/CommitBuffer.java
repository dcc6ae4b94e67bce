package tidefs.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Where one thread encodes records on their way to the journal. Not for concurrent use. */
final class CommitBuffer {
  private final CRC32C crc = new CRC32C();
  private ByteBuffer buffer = ByteBuffer.allocateDirect(Limits.IDLE_BUFFER_BYTES);

  /** The bytes that the records of {@code group} take. */
  static long length(Pending.Group group) {
    long length = 0;
    for (int i = 0; i < group.count(); i++) {
      length += length(group, i);
    }
    return length;
  }

  /** The bytes that the record at {@code index} takes. */
  static int length(Pending.Group group, int index) {
    return JournalRecord.length(group.end(index) - Batch.PAYLOAD_OFFSET);
  }

  void clear() {
    buffer.clear();
  }

  int bytes() {
    return buffer.position();
  }

  /**
   * Adds the record at {@code index} of {@code group}.
   *
   * @param durable all records up to this one are durable
   */
  void add(JournalRecord.Writer writer, Pending.Group group, int index, long durable) {
    reserve(length(group, index));
    long sequence = group.firstSequence() + index;
    JournalRecord.encode(
        buffer,
        crc,
        writer,
        sequence,
        Math.toIntExact(sequence - durable - 1),
        group.batch(index),
        Batch.PAYLOAD_OFFSET,
        group.end(index));
  }

  /** What was added, to be written. */
  ByteBuffer records() {
    return buffer.flip();
  }

  /** Gives memory back. */
  void shrink() {
    if (buffer.capacity() > Limits.IDLE_BUFFER_BYTES) {
      buffer = ByteBuffer.allocateDirect(Limits.IDLE_BUFFER_BYTES);
    }
  }

  private void reserve(int more) {
    if (buffer.remaining() < more) {
      int needed = buffer.position() + more;
      ByteBuffer larger = ByteBuffer.allocateDirect(Integer.highestOneBit(needed - 1) * 2);
      buffer.flip();
      buffer = larger.put(buffer);
    }
  }
}
