package tidefs.nfs4.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import tidefs.base.SipHash;
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
  private final SipHash checksum;

  /**
   * Handles of one volume.
   *
   * @param volume its number
   * @param secret the key, of 16 bytes, the same for ever
   */
  public Handles(long volume, byte[] secret) {
    this.volume = volume;
    checksum = new SipHash((long) LITTLE.get(secret, 0), (long) LITTLE.get(secret, Long.BYTES));
  }

  /** The handle of an inode. */
  public FileHandle of(long ino) {
    byte[] bytes = new byte[BYTES];
    bytes[0] = (byte) (FORMAT >>> 24);
    LONG.set(bytes, VOLUME_AT, volume);
    LONG.set(bytes, INO_AT, ino);
    LONG.set(bytes, CHECKSUM_AT, checksum.hash(volume, ino));
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
    if (ino == 0 || handle.int64At(CHECKSUM_AT) != checksum.hash(volume, ino)) {
      throw new Refused(Status.BADHANDLE);
    }
    return ino;
  }
}
