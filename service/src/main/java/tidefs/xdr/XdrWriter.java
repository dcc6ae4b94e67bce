package tidefs.xdr;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes XDR (RFC 4506) into the buffer that will be sent. The buffer grows as it needs; the writer
 * owns it until {@link #finish()} hands it back.
 *
 * <p>Positions count from where the writer began and stay valid to the end, so that a count or a
 * status can be set once it is known. A large payload is either written in place ({@link
 * #beginOpaque} and {@link #endOpaque}) or sent from a buffer of its own ({@link
 * #opaqueByReference}). Not for use by two threads at once.
 */
public final class XdrWriter {
  /** Bytes of a fresh buffer behind a payload that was passed by reference. */
  private static final int TAIL_BYTES = 256;

  private static final int NO_OPAQUE = -1;

  private ByteBuf out;

  /** Position 0 of the writer lies at this index of {@link #out}; negative behind a reference. */
  private int origin;

  private @Nullable CompositeByteBuf sent;
  private int opaqueAt = NO_OPAQUE;
  private int opaqueMax;

  /** Appends to {@code out}, which the writer takes over. */
  public XdrWriter(ByteBuf out) {
    this.out = out;
    origin = out.writerIndex();
  }

  /** How many bytes were written so far. */
  public int position() {
    return out.writerIndex() - origin;
  }

  /**
   * Takes back everything from {@code position} on. What was written before a payload by reference
   * cannot be taken back together with it.
   */
  public void truncate(int position) {
    int index = position + origin;
    if (position < 0 || index < 0 || index > out.writerIndex()) {
      throw new IndexOutOfBoundsException(position);
    }
    out.writerIndex(index);
    opaqueAt = NO_OPAQUE;
  }

  /** A signed or unsigned 32-bit integer, or an enumeration's value. */
  public void int32(int value) {
    out.writeInt(value);
  }

  /** A signed or unsigned 64-bit integer. */
  public void int64(long value) {
    out.writeLong(value);
  }

  /** A boolean. */
  public void bool(boolean value) {
    out.writeInt(value ? 1 : 0);
  }

  /** Leaves room for a 32-bit integer and returns its position for {@link #patch}. */
  public int placeholder() {
    int position = position();
    out.writeInt(0);
    return position;
  }

  /** Overwrites the 32-bit integer at {@code position}. */
  public void patch(int position, int value) {
    if (position < 0 || position > position() - Integer.BYTES) {
      throw new IndexOutOfBoundsException(position);
    }
    int index = position + origin;
    if (index >= 0) {
      out.setInt(index, value);
    } else if (sent != null) {
      sent.setInt(sent.writerIndex() + index, value);
    }
  }

  /** The 32-bit integer at {@code position}, which was not yet passed by reference. */
  public int int32At(int position) {
    return out.getInt(position + origin);
  }

  /** A variable-length opaque. */
  public void opaque(Opaque value) {
    opaque(value.array());
  }

  /** A variable-length opaque, copied. */
  public void opaque(byte[] value) {
    out.writeInt(value.length);
    out.writeBytes(value);
    pad(value.length);
  }

  /** A variable-length opaque: the readable bytes of {@code value}, copied and not consumed. */
  public void opaque(ByteBuf value) {
    int length = value.readableBytes();
    out.writeInt(length);
    out.writeBytes(value, value.readerIndex(), length);
    pad(length);
  }

  /** An opaque whose length the protocol fixes. */
  public void fixedOpaque(Opaque value) {
    out.writeBytes(value.array());
    pad(value.length());
  }

  /** A string. */
  public void utf8(String value) {
    int lengthAt = placeholder();
    int length = out.writeCharSequence(value, StandardCharsets.UTF_8);
    patch(lengthAt, length);
    pad(length);
  }

  /** A string that holds {@code value} (unsigned) in decimal digits. */
  public void decimal(int value) {
    long rest = Integer.toUnsignedLong(value);
    int digits = 1;
    for (long limit = 10; rest >= limit; limit *= 10) {
      digits++;
    }
    out.writeInt(digits);
    int from = out.writerIndex();
    out.writeZero((digits + 3) & ~3);
    for (int index = from + digits - 1; index >= from; index--) {
      out.setByte(index, (int) ('0' + rest % 10));
      rest /= 10;
    }
  }

  /** A bitmap4 (RFC 8881 §3.3.7), without zero words at its end. */
  public void bitmap(Bitmap value) {
    int words = value.words();
    out.writeInt(words);
    for (int word = 0; word < words; word++) {
      out.writeInt(value.word(word));
    }
  }

  /**
   * Makes room for {@code bytes}: until more are written, the spaces of opaques stay where they
   * are.
   */
  public void reserve(int bytes) {
    out.ensureWritable(bytes);
  }

  /**
   * Starts a variable-length opaque of at most {@code maxBytes} that the caller fills in place.
   * Nothing else may be written until {@link #endOpaque}; {@link #truncate} abandons it.
   *
   * @return the space, from position 0 to limit {@code maxBytes}, with undefined contents
   */
  public ByteBuffer beginOpaque(int maxBytes) {
    out.writeInt(0);
    opaqueAt = out.writerIndex();
    opaqueMax = maxBytes;
    out.ensureWritable((maxBytes + 3) & ~3);
    return out.nioBuffer(opaqueAt, maxBytes);
  }

  /** Ends the opaque that was begun: its first {@code length} bytes are what is sent. */
  public void endOpaque(int length) {
    if (opaqueAt != out.writerIndex() || length < 0 || length > opaqueMax) {
      throw new IllegalStateException("no such opaque was begun");
    }
    out.setInt(opaqueAt - Integer.BYTES, length);
    out.writerIndex(opaqueAt + length);
    pad(length);
    opaqueAt = NO_OPAQUE;
  }

  /** A variable-length opaque that is sent from {@code value}, which the writer takes over. */
  public void opaqueByReference(ByteBuf value) {
    int length = value.readableBytes();
    out.writeInt(length);
    int written = position() + length;
    ByteBuf tail = out.alloc().buffer(TAIL_BYTES);
    CompositeByteBuf whole = sent;
    if (whole == null) {
      whole = out.alloc().compositeBuffer();
      sent = whole;
    }
    whole.addComponent(true, out).addComponent(true, value);
    out = tail;
    origin = -written;
    pad(length);
  }

  /** Bytes that were encoded before: the first {@code length}, a multiple of four. */
  public void raw(byte[] encoded, int length) {
    out.writeBytes(encoded, 0, length);
  }

  /** Copies what was written from {@code position} on, none of it by reference, to {@code into}. */
  public void copy(int position, byte[] into, int length) {
    out.getBytes(position + origin, into, 0, length);
  }

  /** Everything written, in one buffer that is the caller's from now on. */
  public ByteBuf finish() {
    CompositeByteBuf whole = sent;
    return whole == null ? out : whole.addComponent(true, out);
  }

  /** Gives up what was written and releases its buffers. */
  public void discard() {
    out.release();
    if (sent != null) {
      sent.release();
    }
  }

  /** Whether the {@code length} bytes from {@code position} on equal the readable {@code bytes}. */
  public boolean endsWith(int position, ByteBuf bytes) {
    int length = bytes.readableBytes();
    return position() - position == length
        && ByteBufUtil.equals(out, position + origin, bytes, bytes.readerIndex(), length);
  }

  private void pad(int length) {
    out.writeZero(-length & 3);
  }
}
