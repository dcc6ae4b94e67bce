package tidefs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class JournalRecordTest {
  private static final JournalRecord.Writer WRITER =
      new JournalRecord.Writer(0x0102030405060708L, 0x5a17);

  /** What disks hold: these bytes never change. */
  @Test
  void theFormatIsWhatItWas() {
    Batch batch = new Batch().put(new byte[] {'k', 1}, new byte[] {7, 8, 9}).delete(new byte[] {5});
    batch.spend();
    ByteBuffer record = ByteBuffer.allocate(64);
    JournalRecord.encode(
        record, new CRC32C(), WRITER, 0x1122, 3, batch.bytes(), Batch.PAYLOAD_OFFSET, batch.end());
    byte[] bytes = new byte[record.flip().remaining()];
    record.get(bytes);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "f31134160100000001020304050607080000000000001122000000030000000f"
                + "0200000001026b010307080900010500");
  }

  @Test
  void anyChangedBitIsNoticed() {
    ByteBuffer record = Records.append(WRITER, 9, 1, 21);
    CRC32C crc = new CRC32C();
    int length = record.limit();
    assertThat(JournalRecord.validLength(record, 0, WRITER.salt(), crc)).isEqualTo(length);
    int padding = length - JournalRecord.HEADER_BYTES - 21;
    for (int bit = 0; bit < (length - padding) * 8; bit++) {
      byte before = record.get(bit / 8);
      record.put(bit / 8, (byte) (before ^ 1 << bit % 8));
      assertThat(JournalRecord.validLength(record, 0, WRITER.salt(), crc)).isEqualTo(-1);
      record.put(bit / 8, before);
    }
    assertThat(JournalRecord.validLength(record, 0, WRITER.salt() + 1, crc)).isEqualTo(-1);
    record.limit(length - 1);
    assertThat(JournalRecord.validLength(record, 0, WRITER.salt(), crc)).isEqualTo(-1);
  }
}
