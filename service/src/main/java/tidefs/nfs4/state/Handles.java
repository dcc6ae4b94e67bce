package tidefs.nfs4.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.Status;

/**
 * The file handles of one volume, or of a pseudo root: persistent, and with a keyed checksum
 * (SipHash-2-4), so that a client cannot make up the handle of a file that it was never shown.
 *
 * <p>28 bytes: format 1, three bytes 0, the volume's number, the inode's number, the checksum.
 */
public final class Handles {
  /** Bytes of the key. */
  static final int SECRET_BYTES = 16;

  private static final int FORMAT = 1 << 24;
  private static final int BYTES = 28;
  private static final int VOLUME_AT = 4;
  private static final int INO_AT = 12;
  private static final int CHECKSUM_AT = 20;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long volume;
  private final long key0;
  private final long key1;

  /**
   * Handles of one volume.
   *
   * @param volume its number
   * @param secret the key, of 16 bytes, the same for ever
   */
  public Handles(long volume, byte[] secret) {
    this.volume = volume;
    key0 = (long) LITTLE.get(secret, 0);
    key1 = (long) LITTLE.get(secret, Long.BYTES);
  }

  /** The handle of an inode. */
  public FileHandle of(long ino) {
    byte[] bytes = new byte[BYTES];
    bytes[0] = (byte) (FORMAT >>> 24);
    LONG.set(bytes, VOLUME_AT, volume);
    LONG.set(bytes, INO_AT, ino);
    LONG.set(bytes, CHECKSUM_AT, sipHash(key0, key1, volume, ino));
    return FileHandle.wrap(bytes);
  }

  /** The number of the volume of a handle, which is not checked yet. BADHANDLE if it has none. */
  public static long volumeOf(FileHandle handle) throws Refused {
    if (handle.length() != BYTES || handle.int32At(0) != FORMAT) {
      throw new Refused(Status.BADHANDLE);
    }
    return handle.int64At(VOLUME_AT);
  }

  /** The inode number of a handle of this volume. BADHANDLE if the handle was not made here. */
  public long ino(FileHandle handle) throws Refused {
    long ino = volumeOf(handle) == volume ? handle.int64At(INO_AT) : 0;
    if (ino == 0 || handle.int64At(CHECKSUM_AT) != sipHash(key0, key1, volume, ino)) {
      throw new Refused(Status.BADHANDLE);
    }
    return ino;
  }

  /** SipHash-2-4 (Aumasson and Bernstein, 2012) of two words: a message of 16 bytes. */
  static long sipHash(long key0, long key1, long first, long second) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    long word = first;
    for (int block = 0; block < 4; block++) {
      v3 ^= word;
      int rounds = block == 3 ? 4 : 2;
      if (block == 3) {
        v3 ^= word;
        v2 ^= 0xff;
      }
      for (int round = 0; round < rounds; round++) {
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
      if (block < 3) {
        v0 ^= word;
      }
      word = block == 0 ? second : block == 1 ? 16L << 56 : 0;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
