package tidefs.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tidefs.nfs4.op.StateId;

/** Encodes XDR for a test client, independently of the server's writer. */
public final class XdrOut {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A 32-bit integer. */
  public XdrOut int32(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.write(value >>> shift);
    }
    return this;
  }

  /** A 64-bit integer. */
  public XdrOut int64(long value) {
    return int32((int) (value >>> 32)).int32((int) value);
  }

  /** A boolean. */
  public XdrOut bool(boolean value) {
    return int32(value ? 1 : 0);
  }

  /** A variable-length opaque. */
  public XdrOut opaque(byte[] value) {
    return int32(value.length).fixed(value);
  }

  /** A string. */
  public XdrOut text(String value) {
    return opaque(value.getBytes(StandardCharsets.UTF_8));
  }

  /** An opaque of a length that both sides know. */
  public XdrOut fixed(byte[] value) {
    bytes.writeBytes(value);
    return pad(value.length);
  }

  /** Bytes that are encoded already. */
  public XdrOut raw(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  /** A part of bytes that are encoded already. */
  XdrOut raw(byte[] value, int from, int length) {
    bytes.write(value, from, length);
    return this;
  }

  /** A bitmap4 with these numbers in it. */
  public XdrOut bitmap(int... numbers) {
    int[] words =
        new int[Arrays.stream(numbers).max().orElse(-1) / 32 + (numbers.length == 0 ? 0 : 1)];
    for (int number : numbers) {
      words[number / 32] |= 1 << number % 32;
    }
    int32(words.length);
    for (int word : words) {
      int32(word);
    }
    return this;
  }

  /** A stateid4. */
  public XdrOut stateId(StateId value) {
    return int32(value.seqid()).int64(value.other()).int32(value.otherTail());
  }

  /** A state_owner4. */
  public XdrOut owner(long clientId, String owner) {
    return int64(clientId).text(owner);
  }

  /** All of it. */
  public byte[] toBytes() {
    return bytes.toByteArray();
  }

  private XdrOut pad(int length) {
    for (int i = length; i % 4 != 0; i++) {
      bytes.write(0);
    }
    return this;
  }
}
