package tidefs.store;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Encoded journal records with payloads that say what they are. */
public final class Records {
  private Records() {}

  /** One append of {@code count} records from {@code first} on, with payloads of some length. */
  public static ByteBuffer append(JournalRecord.Writer writer, long first, int count, int length) {
    ByteBuffer records = ByteBuffer.allocateDirect(count * JournalRecord.length(length));
    for (int i = 0; i < count; i++) {
      byte[] payload = payload(first + i, length);
      JournalRecord.encode(records, new CRC32C(), writer, first + i, i, payload, 0, length);
    }
    return records.flip();
  }

  /** The payload of a record. */
  public static byte[] payload(long sequence, int length) {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) (sequence * 31 + i);
    }
    return payload;
  }
}
