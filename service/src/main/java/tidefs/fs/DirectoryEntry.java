package tidefs.fs;

import java.nio.ByteBuffer;
import tidefs.store.StoreFault;

/**
 * A directory entry as it is stored under its cookie.
 *
 * @param ino the inode; 0 for a place that its entry left while others of its hash remain
 * @param type the inode's type
 * @param collided in the first place of a hash: entries of that hash are in other places too
 * @param name the name
 */
record DirectoryEntry(long ino, FileType type, boolean collided, byte[] name) {
  private static final byte FORMAT = 1;
  private static final int HEAD_BYTES = 10;
  private static final int COLLIDED = 0x80;

  /** The first place of a hash after its entry has left. */
  static final DirectoryEntry LEFT =
      new DirectoryEntry(0, FileType.REGULAR, true, InodeState.NO_DATA);

  DirectoryEntry(Inode inode, byte[] name) {
    this(inode.ino(), inode.type(), false, name);
  }

  boolean left() {
    return ino == 0;
  }

  DirectoryEntry withCollisions(boolean now) {
    return new DirectoryEntry(ino, type, now, name);
  }

  byte[] encode() {
    return ByteBuffer.allocate(HEAD_BYTES + name.length)
        .put(FORMAT)
        .put((byte) (TypeCode.of(type) | (collided ? COLLIDED : 0)))
        .putLong(ino)
        .put(name)
        .array();
  }

  static DirectoryEntry decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < HEAD_BYTES || in.get() != FORMAT) {
      throw new StoreFault("a directory entry has a format that is not known");
    }
    int kind = in.get();
    FileType type = TypeCode.type(kind & ~COLLIDED & 0xff);
    byte[] name = new byte[bytes.length - HEAD_BYTES];
    long ino = in.getLong();
    in.get(name);
    return new DirectoryEntry(ino, type, (kind & COLLIDED) != 0, name);
  }

  /** What an entry with {@code name} is metered with, in bytes. */
  static long meteredBytes(byte[] name) {
    return (long) name.length + Limits.ENTRY_OVERHEAD_BYTES;
  }
}
