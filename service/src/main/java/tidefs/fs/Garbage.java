package tidefs.fs;

import java.nio.ByteBuffer;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.StoreFault;

/**
 * Chunks to be removed, as the store remembers them until they are gone.
 *
 * @param generation of the file's layout, of its chunks in the Standard place, or of those in a
 *     cold one, by {@code kind}
 * @param storageClass the place
 * @param from the first chunk
 * @param end the chunk after the last
 */
record Garbage(Kind kind, long ino, int generation, StorageClass storageClass, int from, int end) {
  private static final byte FORMAT = 1;
  private static final byte WITH_CLASS = 2;

  /** What is to be removed. The numbers are part of the store's format. */
  enum Kind {
    /** Chunks in the Standard place of a file that never moved, and its maps. */
    WHOLE(0),
    /** What is beyond the end of a living file that was cut. */
    CUT(1),
    /** Chunks in the Standard place, and no maps. */
    CHUNKS(2),
    /** Chunks in a cold place, with the records of exceptions. */
    COLD(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) {
      for (Kind each : values()) {
        if (each.code == code) {
          return each;
        }
      }
      throw new StoreFault("a record of contents to be reclaimed has an unknown format");
    }
  }

  static Garbage whole(long ino, int generation, int end) {
    return new Garbage(Kind.WHOLE, ino, generation, StorageClass.STANDARD, 0, end);
  }

  static Garbage cut(long ino, int generation, int end) {
    return new Garbage(Kind.CUT, ino, generation, StorageClass.STANDARD, 0, end);
  }

  static Garbage chunks(long ino, int generation, int end) {
    return new Garbage(Kind.CHUNKS, ino, generation, StorageClass.STANDARD, 0, end);
  }

  static Garbage cold(StorageClass where, long ino, int generation, int from, int end) {
    return new Garbage(Kind.COLD, ino, generation, where, from, end);
  }

  byte[] encode() {
    boolean old = kind == Kind.WHOLE || kind == Kind.CUT;
    ByteBuffer out = ByteBuffer.allocate(old ? 18 : 23).put(old ? FORMAT : WITH_CLASS);
    out.put((byte) kind.code).putLong(ino).putInt(generation).putInt(end);
    if (!old) {
      out.put((byte) storageClass.code()).putInt(from);
    }
    return out.array();
  }

  static Garbage decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte format = in.get();
    Kind kind = Kind.of(in.get());
    if (format < FORMAT || format > WITH_CLASS) {
      throw new StoreFault("a record of contents to be reclaimed has an unknown format");
    }
    long ino = in.getLong();
    int generation = in.getInt();
    int end = in.getInt();
    StorageClass where = StorageClass.STANDARD;
    int from = 0;
    if (format == WITH_CLASS) {
      where = StorageClass.of(in.get());
      from = in.getInt();
    }
    return new Garbage(kind, ino, generation, where, from, end);
  }
}
