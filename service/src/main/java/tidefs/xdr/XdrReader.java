package tidefs.xdr;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads XDR (RFC 4506) out of a received message. Every length is checked against what is left and
 * against the caller's limit before anything is allocated.
 *
 * <p>The reader does not own the buffer and does not move its indices. Slices that it returns share
 * the buffer's memory and its reference count: whoever keeps one beyond the message retains it. Not
 * for use by two threads at once.
 */
public final class XdrReader {
  private static final String TOO_SHORT = "the message ends within a value";

  private final ByteBuf in;
  private final int end;
  private int at;

  /** Reads the readable bytes of {@code in}. */
  public XdrReader(ByteBuf in) {
    this.in = in;
    at = in.readerIndex();
    end = in.writerIndex();
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - at;
  }

  /** Where the next value starts, as an index into the buffer. */
  public int position() {
    return at;
  }

  /** Goes back (or forth) to a {@link #position()}, to read a value again. */
  public void position(int position) {
    if (position < in.readerIndex() || position > end) {
      throw new IndexOutOfBoundsException(position);
    }
    at = position;
  }

  /** A signed or unsigned 32-bit integer, or an enumeration's value. */
  public int int32() throws XdrException {
    int from = take(Integer.BYTES);
    return in.getInt(from);
  }

  /** An unsigned 32-bit integer. */
  public long uint32() throws XdrException {
    return Integer.toUnsignedLong(int32());
  }

  /** A signed or unsigned 64-bit integer. */
  public long int64() throws XdrException {
    int from = take(Long.BYTES);
    return in.getLong(from);
  }

  /** A boolean; anything but 0 and 1 is refused. */
  public boolean bool() throws XdrException {
    int value = int32();
    if ((value & ~1) != 0) {
      throw new XdrException("a boolean is neither 0 nor 1");
    }
    return value == 1;
  }

  /** A 32-bit integer from {@code min} to {@code max}: an enumeration's value. */
  public int int32In(int min, int max) throws XdrException {
    int value = int32();
    if (value < min || value > max) {
      throw new XdrException("an enumeration has no such value");
    }
    return value;
  }

  /**
   * The length of an array of at most {@code max} elements, each of at least {@code elementBytes}
   * (a positive number) on the wire.
   */
  public int count(int max, int elementBytes) throws XdrException {
    int count = length(max);
    if (count > remaining() / elementBytes) {
      throw new XdrException(TOO_SHORT);
    }
    return count;
  }

  /** A variable-length opaque of at most {@code maxBytes}, as a slice that is not retained. */
  public ByteBuf opaque(int maxBytes) throws XdrException {
    int length = length(maxBytes);
    return in.slice(takePadded(length), length);
  }

  /** An opaque of exactly {@code length} bytes, as a slice that is not retained. */
  public ByteBuf fixedOpaque(int length) throws XdrException {
    return in.slice(takePadded(length), length);
  }

  /** A variable-length opaque of at most {@code maxBytes}, copied to be kept. */
  public Opaque bytes(int maxBytes) throws XdrException {
    int length = length(maxBytes);
    return Opaque.copy(in, takePadded(length), length);
  }

  /** An opaque of exactly {@code length} bytes, copied to be kept. */
  public Opaque fixedBytes(int length) throws XdrException {
    return Opaque.copy(in, takePadded(length), length);
  }

  /** A string of at most {@code maxBytes}; what is no UTF-8 becomes replacement characters. */
  public String utf8(int maxBytes) throws XdrException {
    int length = length(maxBytes);
    return in.toString(takePadded(length), length, StandardCharsets.UTF_8);
  }

  /** A bitmap4 (RFC 8881 §3.3.7). */
  public Bitmap bitmap() throws XdrException {
    int words = count(Bitmap.MAX_WORDS, Integer.BYTES);
    long low = 0;
    long high = 0;
    for (int word = 0; word < words; word++) {
      long bits = uint32();
      if (word < 2) {
        low |= bits << (word * Integer.SIZE);
      } else if (word < 4) {
        high |= bits << ((word - 2) * Integer.SIZE);
      } else if (bits != 0) {
        high |= 1L << Bitmap.UNKNOWN;
      }
    }
    return (low | high) == 0 ? Bitmap.EMPTY : new Bitmap(low, high);
  }

  /** Passes over a variable-length opaque of at most {@code maxBytes}. */
  public void skipOpaque(int maxBytes) throws XdrException {
    takePadded(length(maxBytes));
  }

  /** Passes over {@code bytes}, a multiple of four. */
  public void skip(int bytes) throws XdrException {
    take(bytes);
  }

  /** All that is left, as a slice that is not retained; nothing is left then. */
  public ByteBuf rest() {
    ByteBuf rest = in.slice(at, remaining());
    at = end;
    return rest;
  }

  private int length(int max) throws XdrException {
    int length = int32();
    if (length < 0 || length > max) {
      throw new XdrException("a length exceeds its limit");
    }
    return length;
  }

  private int takePadded(int length) throws XdrException {
    if (length > remaining()) {
      throw new XdrException(TOO_SHORT);
    }
    return take((length + 3) & ~3);
  }

  private int take(int bytes) throws XdrException {
    int from = at;
    if (bytes > end - from) {
      throw new XdrException(TOO_SHORT);
    }
    at = from + bytes;
    return from;
  }
}
