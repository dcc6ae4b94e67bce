package tidefs.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Record marking under any bytes, cut in pieces of any size: it must find the records that a
 * second, simple reader finds in the whole, or refuse where that does, and give back all it took.
 */
public final class RecordFuzz {
  private static final Limits LIMITS = Limits.DEFAULTS.withRecordBytes(1 << 17);
  private static final long BUDGET = 1 << 20;

  private RecordFuzz() {}

  /** One input: the size of the pieces, then the stream. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int piece = 1 + (input[0] & 0xff);
    ByteBuf stream = Unpooled.wrappedBuffer(input, 1, input.length - 1);
    var budget = new AssemblyBudget(BUDGET);
    var assembler = new RecordAssembler(UnpooledByteBufAllocator.DEFAULT, LIMITS, budget);
    List<byte[]> records = new ArrayList<>();
    boolean refused = false;
    try {
      while (stream.isReadable()) {
        ByteBuf part = stream.readSlice(Math.min(piece, stream.readableBytes()));
        while (assembler.take(part)) {
          ByteBuf record = assembler.finish();
          byte[] bytes = new byte[record.readableBytes()];
          record.readBytes(bytes);
          record.release();
          records.add(bytes);
        }
      }
    } catch (RecordException tooMuch) {
      refused = true;
    }
    assembler.discard();
    assertThat(budget.left()).isEqualTo(BUDGET);
    assertThat(assembler.pending()).isFalse();
    compare(input, records, refused);
  }

  private static void compare(byte[] input, List<byte[]> records, boolean refused) {
    var simple = new SimpleReader(input);
    for (byte[] record : records) {
      assertThat(simple.next()).hasValue(record);
    }
    assertThat(simple.next()).isEmpty();
    assertThat(refused).isEqualTo(simple.refused);
  }

  /** Record marking as RFC 5531 §11 tells it, one byte after the other. */
  private static final class SimpleReader {
    private final byte[] input;
    private int at = 1;
    private boolean refused;

    SimpleReader(byte[] input) {
      this.input = input;
    }

    Optional<byte[]> next() {
      var record = new ByteArrayOutputStream();
      for (int fragments = 1; input.length - at >= Wire.MARK_BYTES; fragments++) {
        int mark = 0;
        for (int index = 0; index < Wire.MARK_BYTES; index++) {
          mark = mark << 8 | input[at++] & 0xff;
        }
        int length = mark & 0x7fff_ffff;
        if (fragments > LIMITS.fragments() || length > LIMITS.recordBytes() - record.size()) {
          refused = true;
          at = input.length;
          return Optional.empty();
        }
        int there = Math.min(length, input.length - at);
        record.write(input, at, there);
        at += there;
        if (there < length) {
          return Optional.empty();
        }
        if (mark < 0) {
          return Optional.of(record.toByteArray());
        }
      }
      at = input.length;
      return Optional.empty();
    }
  }
}
