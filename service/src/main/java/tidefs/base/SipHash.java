package tidefs.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a hash that nobody without its key can foresee or
 * make collide. Short, so fit for names and checksums of a few words, not for signatures.
 *
 * @param key0 the first half of the key, its bytes little-endian
 * @param key1 the second half
 */
public record SipHash(long key0, long key1) {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The hash of {@code bytes}. */
  public long hash(byte[] bytes) {
    State state = new State(key0, key1);
    int whole = bytes.length & ~7;
    for (int at = 0; at < whole; at += Long.BYTES) {
      state.word((long) LONG.get(bytes, at));
    }
    long last = (long) bytes.length << 56;
    for (int i = whole; i < bytes.length; i++) {
      last |= (bytes[i] & 0xffL) << (8 * (i - whole));
    }
    return state.end(last);
  }

  /** The hash of the sixteen bytes that are {@code first} and {@code second}, little-endian. */
  public long hash(long first, long second) {
    State state = new State(key0, key1);
    state.word(first);
    state.word(second);
    return state.end((2L * Long.BYTES) << 56);
  }

  /** The four words that the message is mixed into. Never leaves a call, so it costs no garbage. */
  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long key0, long key1) {
      v0 = key0 ^ 0x736f6d6570736575L;
      v1 = key1 ^ 0x646f72616e646f6dL;
      v2 = key0 ^ 0x6c7967656e657261L;
      v3 = key1 ^ 0x7465646279746573L;
    }

    void word(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long end(long lastWord) {
      word(lastWord);
      v2 ^= 0xff;
      round();
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
