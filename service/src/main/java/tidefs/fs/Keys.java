package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of a file system's records: a byte that names the table, then numbers, big-endian, so
 * that their order is that of the numbers.
 *
 * <pre>
 * I ino                  an inode
 * D directory cookie     a directory entry
 * C ino generation index which blocks of a chunk of a sparse file were written
 * X ino name             an extended attribute of an inode
 * W ino order            bytes of a stable write that its chunk may not have yet
 * O ino                  an inode without names that is still held
 * E ino generation index where a chunk of a file in a cold class is, if not where most are
 * G number               contents to be reclaimed
 * L queue hour ino       files by their last access, for the lifecycle
 * U stripe               metered bytes and inodes
 * K key                  a protocol's recovery record
 * S                      the superblock;  S n  the next inode number to reserve
 * S c                    there if changes are to be marked
 * S l                    the name of the directory of what a copy displaces
 * S i                    which family of copies it is of
 * S u                    the file whose contents a copy is changing
 * T kind ino name        a mark of a change: of an inode (i, no name), of a name (n)
 * S m                    the next generation of moved chunks
 * S t                    there if the access of every file is known
 * </pre>
 */
final class Keys {
  static final byte INODE = 'I';
  static final byte ENTRY = 'D';
  static final byte MAP = 'C';
  static final byte XATTR = 'X';
  static final byte REDO = 'W';
  static final byte ORPHAN = 'O';
  static final byte GARBAGE = 'G';
  static final byte EXCEPTION = 'E';
  static final byte LIFECYCLE = 'L';
  static final byte USAGE = 'U';
  static final byte RECOVERY = 'K';
  static final byte[] SUPERBLOCK = {'S'};
  static final byte[] NEXT_INO = {'S', 'n'};
  static final byte[] CHANGES_KEPT = {'S', 'c'};
  static final byte[] LOST_AND_FOUND = {'S', 'l'};
  static final byte[] LINEAGE = {'S', 'i'};
  static final byte[] UNFINISHED = {'S', 'u'};
  static final byte CHANGE = 'T';
  static final byte[] NEXT_MOVE = {'S', 'm'};
  static final byte[] INDEXED = {'S', 't'};

  private Keys() {}

  static byte[] inode(long ino) {
    return key(INODE, ino);
  }

  static byte[] orphan(long ino) {
    return key(ORPHAN, ino);
  }

  static byte[] garbage(long number) {
    return key(GARBAGE, number);
  }

  static byte[] usage(int stripe) {
    return new byte[] {USAGE, (byte) stripe};
  }

  static byte[] entry(long directory, long cookie) {
    return ByteBuffer.allocate(17).put(ENTRY).putLong(directory).putLong(cookie).array();
  }

  static byte[] map(long ino, int generation, int index) {
    return ByteBuffer.allocate(17).put(MAP).putLong(ino).putInt(generation).putInt(index).array();
  }

  /** Where chunk {@code index} is of a file whose cold chunks are of {@code generation}. */
  static byte[] exception(long ino, int generation, int index) {
    return ByteBuffer.allocate(17)
        .put(EXCEPTION)
        .putLong(ino)
        .putInt(generation)
        .putInt(index)
        .array();
  }

  /** A file's place in a queue of the lifecycle. */
  static byte[] lifecycle(int queue, int hour, long ino) {
    return ByteBuffer.allocate(14)
        .put(LIFECYCLE)
        .put((byte) queue)
        .putInt(hour)
        .putLong(ino)
        .array();
  }

  /** The hour in the key of a place in a queue. */
  static int lifecycleHour(byte[] key) {
    return ByteBuffer.wrap(key).getInt(2);
  }

  /** The inode number in the key of a place in a queue. */
  static long lifecycleIno(byte[] key) {
    return ByteBuffer.wrap(key).getLong(6);
  }

  static byte[] xattr(long ino, byte[] name) {
    return ByteBuffer.allocate(9 + name.length).put(XATTR).putLong(ino).put(name).array();
  }

  static byte[] change(byte kind, long ino, byte[] name) {
    return ByteBuffer.allocate(10 + name.length)
        .put(CHANGE)
        .put(kind)
        .putLong(ino)
        .put(name)
        .array();
  }

  static byte[] redo(long ino, long order) {
    return ByteBuffer.allocate(17).put(REDO).putLong(ino).putLong(order).array();
  }

  /** The name in the key of an extended attribute. */
  static byte[] xattrName(byte[] key) {
    return Arrays.copyOfRange(key, 9, key.length);
  }

  static byte[] recovery(byte[] key) {
    return ByteBuffer.allocate(1 + key.length).put(RECOVERY).put(key).array();
  }

  /**
   * How many bytes at the beginning of a key are no secret: the table and the numbers after it. The
   * rest names something.
   */
  static int clearBytes(byte[] key) {
    return switch (key[0]) {
      case XATTR -> 9;
      case RECOVERY -> 1;
      default -> key.length;
    };
  }

  /** The first key of a table. */
  static byte[] first(byte table) {
    return new byte[] {table};
  }

  /** The key after the last of a table. */
  static byte[] end(byte table) {
    return new byte[] {(byte) (table + 1)};
  }

  /** The number after a key's table. */
  static long number(byte[] key) {
    return ByteBuffer.wrap(key).getLong(1);
  }

  /** The cookie in the key of a directory entry. */
  static long cookie(byte[] key) {
    return ByteBuffer.wrap(key).getLong(9);
  }

  /** The generation in the key of a map. */
  static int generation(byte[] key) {
    return ByteBuffer.wrap(key).getInt(9);
  }

  /** The index in the key of a map. */
  static int index(byte[] key) {
    return ByteBuffer.wrap(key).getInt(13);
  }

  private static byte[] key(byte table, long number) {
    return ByteBuffer.allocate(9).put(table).putLong(number).array();
  }
}
