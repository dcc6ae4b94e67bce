package tidefs.store.crypt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import tidefs.store.ChunkId;

/**
 * XTS-AES-256 (IEEE 1619) over the contents of chunks, in data units of {@value #UNIT_BYTES} bytes.
 * A unit's number is the chunk's id, encrypted, and the place of the unit in its chunk: no two
 * units of a file system share one.
 *
 * <p>For one thread at a time; it keeps its buffers, so that a transfer makes no garbage.
 */
final class BlockCipher {
  /** What is encrypted at a time, at a place of its own: the least that changes. */
  static final int BLOCK_BYTES = 16;

  /** The data unit of XTS. */
  static final int UNIT_BYTES = 4096;

  private static final int PIECE_BYTES = 4 * UNIT_BYTES;
  private static final long POLYNOMIAL = 0x87;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final Cipher encrypt;
  private final Cipher decrypt;
  private final Cipher tweak;
  private final byte[] text = new byte[PIECE_BYTES];
  private final byte[] masks = new byte[PIECE_BYTES];
  private final byte[] chunkNumber = new byte[BLOCK_BYTES];
  private final byte[] unitNumber = new byte[BLOCK_BYTES];

  /** A cipher with the two keys of XTS, of 32 bytes each. */
  BlockCipher(SecretKeySpec contents, SecretKeySpec tweaks) {
    try {
      encrypt = ecb(Cipher.ENCRYPT_MODE, contents);
      decrypt = ecb(Cipher.DECRYPT_MODE, contents);
      tweak = ecb(Cipher.ENCRYPT_MODE, tweaks);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES", e);
    }
  }

  private static Cipher ecb(int mode, SecretKeySpec key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
    cipher.init(mode, key);
    return cipher;
  }

  /** The number of the first unit of a chunk; that of unit n is this, exclusive or n. */
  private void begin(ChunkId chunk) {
    BIG_LONG.set(chunkNumber, 0, chunk.ino());
    BIG_INT.set(chunkNumber, Long.BYTES, chunk.generation());
    BIG_INT.set(chunkNumber, Long.BYTES + Integer.BYTES, chunk.index());
    apply(tweak, chunkNumber, BLOCK_BYTES);
  }

  /** Encrypts {@code source} from {@code from} to {@code to} into {@code target} at {@code at}. */
  void encrypt(
      ChunkId chunk, int offset, ByteBuffer source, int from, int to, ByteBuffer target, int at) {
    begin(chunk);
    for (int done = 0; done < to - from; ) {
      int count = Math.min(PIECE_BYTES, to - from - done);
      source.get(from + done, text, 0, count);
      mask(offset + done, count);
      mix(count);
      apply(encrypt, text, count);
      mix(count);
      target.put(at + done, text, 0, count);
      done += count;
    }
  }

  /**
   * Decrypts {@code buffer} from {@code from} to {@code to} in its place. A block that was never
   * written is zeros on the disk, and zeros here.
   */
  void decrypt(ChunkId chunk, int offset, ByteBuffer buffer, int from, int to) {
    begin(chunk);
    for (int done = 0; done < to - from; ) {
      int count = Math.min(PIECE_BYTES, to - from - done);
      buffer.get(from + done, text, 0, count);
      int holes = holes(count);
      if (holes < count / BLOCK_BYTES) {
        mask(offset + done, count);
        mix(count);
        apply(decrypt, text, count);
        mix(count);
        if (holes > 0) {
          clearHoles(buffer, from + done, count);
        }
        buffer.put(from + done, text, 0, count);
      }
      done += count;
    }
  }

  private int holes(int count) {
    int holes = 0;
    for (int i = 0; i < count; i += BLOCK_BYTES) {
      if (((long) LONG.get(text, i) | (long) LONG.get(text, i + Long.BYTES)) == 0) {
        holes++;
      }
    }
    return holes;
  }

  private void clearHoles(ByteBuffer encrypted, int from, int count) {
    for (int i = 0; i < count; i += BLOCK_BYTES) {
      if ((encrypted.getLong(from + i) | encrypted.getLong(from + i + Long.BYTES)) == 0) {
        LONG.set(text, i, 0L);
        LONG.set(text, i + Long.BYTES, 0L);
      }
    }
  }

  /** Sets the masks of the blocks from {@code offset} of the chunk on. */
  private void mask(int offset, int count) {
    for (int done = 0; done < count; ) {
      int inUnit = (offset + done) % UNIT_BYTES;
      int end = done + Math.min(count - done, UNIT_BYTES - inUnit);
      System.arraycopy(chunkNumber, 0, unitNumber, 0, BLOCK_BYTES);
      int number = (offset + done) / UNIT_BYTES;
      LONG.set(unitNumber, 0, (long) LONG.get(unitNumber, 0) ^ number);
      done = maskUnit(inUnit, done, end);
    }
  }

  /** Sets the masks of blocks of one unit, whose number is set, from its byte {@code inUnit} on. */
  private int maskUnit(int inUnit, int from, int to) {
    apply(tweak, unitNumber, BLOCK_BYTES);
    long low = (long) LONG.get(unitNumber, 0);
    long high = (long) LONG.get(unitNumber, Long.BYTES);
    int at = from - inUnit;
    while (at < to) {
      if (at >= from) {
        LONG.set(masks, at, low);
        LONG.set(masks, at + Long.BYTES, high);
      }
      long carry = high >> 63 & POLYNOMIAL;
      high = high << 1 | low >>> 63;
      low = low << 1 ^ carry;
      at += BLOCK_BYTES;
    }
    return to;
  }

  private void mix(int count) {
    for (int i = 0; i < count; i += Long.BYTES) {
      LONG.set(text, i, (long) LONG.get(text, i) ^ (long) LONG.get(masks, i));
    }
  }

  private static void apply(Cipher cipher, byte[] bytes, int count) {
    try {
      int done = cipher.update(bytes, 0, count, bytes, 0);
      if (done != count) {
        throw new IllegalStateException("whole blocks are encrypted at once");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("blocks fit into themselves", e);
    }
  }

  /** Encrypts one data unit in place under a number given as it is: to be held against the norm. */
  void encryptUnit(byte[] number, byte[] unit) {
    System.arraycopy(number, 0, unitNumber, 0, BLOCK_BYTES);
    maskUnit(0, 0, unit.length);
    System.arraycopy(unit, 0, text, 0, unit.length);
    mix(unit.length);
    apply(encrypt, text, unit.length);
    mix(unit.length);
    System.arraycopy(text, 0, unit, 0, unit.length);
  }
}
