package tidefs.fs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a hash that nobody without its key can make collide.
 */
final class SipHash implements NameHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long key0;
  private final long key1;

  SipHash(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  @Override
  public long hash(byte[] bytes) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int whole = bytes.length & ~7;
    for (int at = 0; at <= whole; at += 8) {
      long word = at < whole ? (long) LONG.get(bytes, at) : tail(bytes, whole);
      int rounds = at < whole ? 2 : 6;
      v3 ^= word;
      for (int i = 0; i < rounds; i++) {
        if (i == 2) {
          v0 ^= word;
          v2 ^= 0xff;
        }
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
      if (rounds == 2) {
        v0 ^= word;
      }
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long tail(byte[] bytes, int from) {
    long word = (long) bytes.length << 56;
    for (int i = from; i < bytes.length; i++) {
      word |= (bytes[i] & 0xffL) << (8 * (i - from));
    }
    return word;
  }
}
