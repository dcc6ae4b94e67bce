package tidefs.api.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Writes values in CBOR (RFC 8949), lengths first. */
final class CborWriter {
  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int EPOCH_TIME = 1;
  private static final int FALSE = 0xf4;
  private static final int TRUE = 0xf5;
  private static final int DOUBLE = 0xfb;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CborWriter() {}

  static byte[] write(Datum value) {
    CborWriter writer = new CborWriter();
    writer.put(value);
    return writer.out.toByteArray();
  }

  private void put(Datum value) {
    switch (value) {
      case Datum.Text(String text) -> put(text);
      case Datum.Whole(long number) ->
          head(number < 0 ? NEGATIVE : UNSIGNED, number < 0 ? ~number : number);
      case Datum.Real(double number) -> put(number);
      case Datum.Flag(boolean holds) -> out.write(holds ? TRUE : FALSE);
      case Datum.Moment(Instant instant) -> {
        head(TAG, EPOCH_TIME);
        put(instant.toEpochMilli() / 1e3);
      }
      case Datum.Sequence(List<Datum> elements) -> {
        head(ARRAY, elements.size());
        elements.forEach(this::put);
      }
      case Datum.Entries(Map<String, String> entries) -> {
        head(MAP, entries.size());
        entries.forEach((key, text) -> {
          put(key);
          put(text);
        });
      }
      case Datum.Structure(Map<String, Datum> members) -> {
        head(MAP, members.size());
        members.forEach((name, member) -> {
          put(name);
          put(member);
        });
      }
    }
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    head(TEXT, bytes.length);
    out.writeBytes(bytes);
  }

  private void put(double number) {
    out.write(DOUBLE);
    out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
  }

  private void head(int major, long argument) {
    int first = major << 5;
    if (argument < 24) {
      out.write(first | (int) argument);
    } else if (argument < 1 << 8) {
      out.write(first | 24);
      out.write((int) argument);
    } else if (argument < 1 << 16) {
      out.write(first | 25);
      out.write((int) (argument >> 8));
      out.write((int) argument);
    } else if (argument < 1L << 32) {
      out.write(first | 26);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt((int) argument).array());
    } else {
      out.write(first | 27);
      out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(argument).array());
    }
  }
}
