package tidefs.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** XDR (RFC 4506) at the end of a buffer, one operation after the other. */
final class Message {
  private final ByteBuffer out;

  Message(ByteBuffer out) {
    this.out = out;
  }

  Message int32(int value) {
    out.putInt(value);
    return this;
  }

  Message int64(long value) {
    out.putLong(value);
    return this;
  }

  Message fixed(byte[] bytes) {
    out.put(bytes);
    return this;
  }

  Message opaque(byte[] bytes) {
    out.putInt(bytes.length).put(bytes);
    return pad(bytes.length);
  }

  Message opaque(ByteBuffer bytes) {
    int count = bytes.remaining();
    out.putInt(count).put(bytes.duplicate());
    return pad(count);
  }

  Message text(String text) {
    return opaque(text.getBytes(StandardCharsets.UTF_8));
  }

  Message bitmap(int[] words) {
    out.putInt(words.length);
    for (int word : words) {
      out.putInt(word);
    }
    return this;
  }

  Message putFh(byte[] handle) {
    return int32(Code.PUTFH).opaque(handle);
  }

  Message lookup(String name) {
    return int32(Code.LOOKUP).text(name);
  }

  Message getFh() {
    return int32(Code.GETFH);
  }

  Message getAttr() {
    return int32(Code.GETATTR).bitmap(Code.ATTRIBUTES);
  }

  /** OPEN by name in the current directory, made UNCHECKED with mode 0644 if asked. */
  Message open(long client, String owner, String name, boolean create, int access) {
    int32(Code.OPEN).int32(0).int32(access).int32(0).int64(client).text(owner);
    if (create) {
      int32(1).int32(0).bitmap(new int[] {0, 1 << 1}).int32(Integer.BYTES).int32(0644);
    } else {
      int32(0);
    }
    return int32(0).text(name);
  }

  private Message pad(int bytes) {
    for (int i = bytes; (i & 3) != 0; i++) {
      out.put((byte) 0);
    }
    return this;
  }
}
