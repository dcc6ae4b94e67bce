package tidefs.xdr;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A few bytes taken out of a message to be kept: a name, an owner, a verifier. Immutable, compared
 * by content, and with the bytes copied once, when they are decoded.
 */
public final class Opaque implements Comparable<Opaque> {
  /** No bytes. */
  public static final Opaque EMPTY = new Opaque(new byte[0]);

  private final byte[] bytes;

  private Opaque(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The given bytes, copied. */
  public static Opaque of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Opaque(bytes.clone());
  }

  /** The given bytes themselves: the caller hands the array over and never changes it again. */
  public static Opaque wrap(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Opaque(bytes);
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Opaque utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static Opaque copy(ByteBuf from, int index, int length) {
    if (length == 0) {
      return EMPTY;
    }
    byte[] bytes = new byte[length];
    from.getBytes(index, bytes);
    return new Opaque(bytes);
  }

  /** How many bytes these are. */
  public int length() {
    return bytes.length;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** The byte at {@code index}. */
  public byte at(int index) {
    return bytes[index];
  }

  /** The bytes, copied. */
  public byte[] toArray() {
    return bytes.clone();
  }

  /** The bytes themselves, to be read only. */
  public byte[] array() {
    return bytes;
  }

  /** The bytes as text; what is no UTF-8 becomes replacement characters. */
  public String asText() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Orders by unsigned bytes. */
  @Override
  public int compareTo(Opaque other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Opaque opaque && Arrays.equals(bytes, opaque.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The bytes as text, for logs and test messages. */
  @Override
  public String toString() {
    return asText();
  }
}
