package tidefs.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import tidefs.nfs4.op.StateId;

/** Decodes XDR for a test client, independently of the server's reader; strict about padding. */
public final class XdrIn {
  private final ByteBuffer bytes;

  /** Reads {@code bytes}. */
  public XdrIn(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  /** A 32-bit integer. */
  public int int32() {
    return bytes.getInt();
  }

  /** A 64-bit integer. */
  public long int64() {
    return bytes.getLong();
  }

  /** A boolean. */
  public boolean bool() {
    int value = bytes.getInt();
    if (value != 0 && value != 1) {
      throw new IllegalStateException("a boolean of " + value);
    }
    return value == 1;
  }

  /** A variable-length opaque. */
  public byte[] opaque() {
    return fixed(bytes.getInt());
  }

  /** An opaque of {@code length} bytes. */
  public byte[] fixed(int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalStateException("an opaque of " + length + " bytes");
    }
    byte[] value = new byte[length];
    bytes.get(value);
    for (int i = length; i % 4 != 0; i++) {
      if (bytes.get() != 0) {
        throw new IllegalStateException("padding that is not zero");
      }
    }
    return value;
  }

  /** A string. */
  public String text() {
    return new String(opaque(), StandardCharsets.UTF_8);
  }

  /** A bitmap4. */
  public BitSet bitmap() {
    var numbers = new BitSet();
    int words = int32();
    for (int word = 0; word < words; word++) {
      int bits = int32();
      for (int bit = 0; bit < 32; bit++) {
        numbers.set(word * 32 + bit, (bits >>> bit & 1) != 0);
      }
    }
    return numbers;
  }

  /** A stateid4. */
  public StateId stateId() {
    return new StateId(int32(), int64(), int32());
  }

  /** How many bytes are left. */
  public int remaining() {
    return bytes.remaining();
  }
}
