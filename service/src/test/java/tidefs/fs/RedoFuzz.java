package tidefs.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import tidefs.store.StoreFault;

/** Redo records as the store has them, under any bytes. */
public final class RedoFuzz {
  private RedoFuzz() {}

  /** One input: the value of a record. What is accepted can be written to chunks as it is. */
  public static void fuzzerTestOneInput(byte[] input) {
    Redo.Stored record;
    try {
      record = Redo.Stored.decode(input);
    } catch (StoreFault unknown) {
      assertThat(unknown).hasMessageMatching("\\p{ASCII}+");
      return;
    }
    int count = record.bytes().length;
    assertThat(record.offset()).isBetween(0L, Limits.FILE_BYTES - count);
    assertThat(count).isLessThanOrEqualTo(Limits.REDO_WRITE_BYTES);
    ByteBuffer bytes = ByteBuffer.wrap(record.bytes());
    assertThat(Redo.Stored.encode(record.generation(), record.offset(), bytes)).isEqualTo(input);
  }
}
