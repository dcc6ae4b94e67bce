package tidefs.fs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What names of directories mean, as far as it is remembered: which inode, or none.
 *
 * <p>Reads take no lock. Who changes a directory notes the new meaning while holding the
 * directory's lock, before the change is published; who read a meaning from the store notes it only
 * if, under that lock, the directory has not changed since. Sets of four, replaced in turn; the
 * table grows up to its bound.
 */
final class NameCache {
  private static final int SEGMENTS = 16;
  private static final int WAYS = 4;
  private static final int FIRST_NAMES = 64;
  private static final VarHandle NAME = MethodHandles.arrayElementVarHandle(Name[].class);

  private final Segment[] segments = new Segment[SEGMENTS];

  /**
   * A remembered name.
   *
   * @param directory the directory's inode number
   * @param hash the name's hash
   * @param name the name
   * @param ino what it means: an inode number, or 0 if there is no such entry
   */
  record Name(long directory, long hash, byte[] name, long ino) {
    boolean is(long otherDirectory, long otherHash, byte[] otherName) {
      return hash == otherHash && directory == otherDirectory && Arrays.equals(name, otherName);
    }
  }

  /** A cache of at most {@code names} names. */
  NameCache(int names) {
    int most = Integer.highestOneBit(Math.max(names / SEGMENTS, FIRST_NAMES));
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new Segment(most);
    }
  }

  /** What {@code name} means, if that is remembered. */
  @Nullable Name find(long directory, long hash, byte[] name) {
    long mixed = mix(directory, hash);
    @Nullable Name[] table = segments[(int) mixed & (SEGMENTS - 1)].table;
    int set = set(table, mixed);
    for (int i = set; i < set + WAYS; i++) {
      Name each = (Name) NAME.getAcquire(table, i);
      if (each != null && each.is(directory, hash, name)) {
        return each;
      }
    }
    return null;
  }

  /** Notes what a name means. The caller holds the directory's lock. */
  void put(long directory, long hash, byte[] name, long ino) {
    long mixed = mix(directory, hash);
    segments[(int) mixed & (SEGMENTS - 1)].put(mixed, new Name(directory, hash, name, ino));
  }

  private static long mix(long directory, long hash) {
    long mixed = (hash ^ directory * 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    return mixed ^ mixed >>> 32;
  }

  private static int set(@Nullable Name[] table, long mixed) {
    return (int) (mixed >>> 4) & (table.length - 1) & -WAYS;
  }

  private static final class Segment {
    private final int most;
    private volatile @Nullable Name[] table = new Name[FIRST_NAMES];
    private int turn;
    private int replaced;

    Segment(int most) {
      this.most = most;
    }

    synchronized void put(long mixed, Name name) {
      if (replaced > table.length / 2 && table.length < most) {
        grow();
      }
      place(table, mixed, name);
    }

    private void place(@Nullable Name[] names, long mixed, Name name) {
      int set = set(names, mixed);
      int free = -1;
      for (int i = set; i < set + WAYS; i++) {
        Name each = names[i];
        if (each == null) {
          free = i;
        } else if (each.is(name.directory(), name.hash(), name.name())) {
          NAME.setRelease(names, i, name);
          return;
        }
      }
      if (free < 0) {
        replaced++;
        free = set + (turn++ & (WAYS - 1));
      }
      NAME.setRelease(names, free, name);
    }

    private void grow() {
      @Nullable Name[] larger = new Name[table.length * 2];
      for (Name each : table) {
        if (each != null) {
          place(larger, mix(each.directory(), each.hash()), each);
        }
      }
      replaced = 0;
      table = larger;
    }
  }
}
