package tidefs.iam.connect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Reads values of the Distinguished Encoding Rules (X.690 §10), one after the other: the few types
 * that clients use. Strict, never deeper than its caller asks, and it copies nothing that is not
 * there: the bytes may be anybody's.
 */
final class Der {
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int UTF8_STRING = 0x0c;
  static final int UTC_TIME = 0x17;
  static final int SEQUENCE = 0x30;
  static final int EXPLICIT_0 = 0xa0;

  private static final int LONG_FORM = 0x80;
  private static final int LENGTH_BYTES = 2;

  /** The first year of a UTCTime's century (RFC 5280 §4.1.2.5.1). */
  private static final int CENTURY_FROM = 1950;

  private final byte[] bytes;
  private final int end;
  private int at;

  private Der(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** The values in {@code bytes}. */
  static Der of(byte[] bytes) {
    return new Der(bytes, 0, bytes.length);
  }

  /** Whether another value follows. */
  boolean hasNext() {
    return at < end;
  }

  /** Steps over the next value, which must be of a type, and returns what is in it. */
  Der next(int tag) throws ConnectRefusal {
    if (end - at < 2 || (bytes[at] & 0xff) != tag) {
      throw malformed();
    }
    int length = bytes[at + 1] & 0xff;
    int begin = at + 2;
    if (length >= LONG_FORM) {
      int count = length - LONG_FORM;
      if (count == 0 || count > LENGTH_BYTES || end - begin < count) {
        throw malformed();
      }
      length = 0;
      for (int i = 0; i < count; i++) {
        length = (length << 8) | (bytes[begin++] & 0xff);
      }
      if (length < (count == 1 ? LONG_FORM : 1 << 8)) {
        throw malformed(); // A shorter form would have done.
      }
    }
    if (length > end - begin) {
      throw malformed();
    }
    at = begin + length;
    return new Der(bytes, begin, at);
  }

  /** Refuses what has more values than were read. */
  void end() throws ConnectRefusal {
    if (hasNext()) {
      throw malformed();
    }
  }

  /** All bytes that are left, copied. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  /** The text of a UTF8String, which comes next. */
  String utf8() throws ConnectRefusal {
    try {
      byte[] text = next(UTF8_STRING).rest();
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  /** The time of a UTCTime, which comes next: YYMMDDHHMMSSZ. */
  Instant utcTime() throws ConnectRefusal {
    String text = new String(next(UTC_TIME).rest(), StandardCharsets.US_ASCII);
    if (!text.matches("[0-9]{12}Z")) {
      throw malformed();
    }
    int[] pairs = new int[6];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = Integer.parseInt(text, 2 * i, 2 * i + 2, 10);
    }
    int year = CENTURY_FROM + Math.floorMod(pairs[0] - CENTURY_FROM % 100, 100);
    try {
      return LocalDateTime.of(year, pairs[1], pairs[2], pairs[3], pairs[4], pairs[5])
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw malformed();
    }
  }

  static ConnectRefusal malformed() {
    return new ConnectRefusal("the certificate has a malformed extension");
  }
}
