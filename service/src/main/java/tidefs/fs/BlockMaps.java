package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.View;

/**
 * Which blocks of a sparse file were written: a map of bits for each chunk that is neither wholly
 * written nor untouched, in the store and, as far as needed, in memory. Guarded by the inode's
 * lock.
 *
 * <p>A chunk without a map is wholly written if it is one of the file's dense chunks (those below
 * {@code dense}, which its {@link FileLayout} tells), and untouched otherwise. A dense chunk has a
 * map only while it has a hole.
 */
final class BlockMaps {
  private static final int WORDS = FileLayout.CHUNK_BLOCKS / Long.SIZE;

  private final long ino;
  private final int generation;
  private final NavigableMap<Integer, long[]> maps = new TreeMap<>();
  private final Set<Integer> changed = new HashSet<>();
  private boolean complete;

  /** The maps of a file; {@code complete} if the store has none. */
  BlockMaps(long ino, int generation, boolean complete) {
    this.ino = ino;
    this.generation = generation;
    this.complete = complete;
  }

  /**
   * The same maps, to be changed on trial: what is dropped or cut there stays here. They take the
   * place of these once the update that they went into was applied.
   */
  BlockMaps copy() {
    BlockMaps copy = new BlockMaps(ino, generation, complete);
    copy.maps.putAll(maps);
    copy.changed.addAll(changed);
    return copy;
  }

  /** Brings the maps of the chunks from {@code first} to {@code last} into memory. */
  void load(View store, int first, int last, int dense, Blocking blocking) {
    for (int index = first; !complete && index <= last; index++) {
      if (!maps.containsKey(index)) {
        byte[] stored = store.get(Keys.map(ino, generation, index), blocking).orElse(null);
        maps.put(index, stored == null ? unmapped(index, dense) : decode(stored));
      }
    }
  }

  private static long[] unmapped(int index, int dense) {
    long[] map = new long[WORDS];
    if (index < dense) {
      Arrays.fill(map, -1L);
    }
    return map;
  }

  /** Marks blocks as written, the map being in memory; returns how many were not before. */
  int mark(int index, int dense, int from, int to) {
    long[] map = inMemory(index, dense);
    int before = count(map);
    for (int block = from; block < to; block++) {
      map[block >> 6] |= 1L << block;
    }
    int more = count(map) - before;
    if (more > 0) {
      changed.add(index);
    }
    return more;
  }

  /** Marks blocks as holes, the map being in memory; returns how many were written before. */
  int clear(int index, int dense, int from, int to) {
    long[] map = inMemory(index, dense).clone(); // A copy of these maps may have it, too.
    maps.put(index, map);
    int before = count(map);
    for (int block = from; block < to; block++) {
      map[block >> 6] &= ~(1L << block);
    }
    int fewer = before - count(map);
    if (fewer > 0) {
      changed.add(index);
    }
    return fewer;
  }

  private long[] inMemory(int index, int dense) {
    long[] map = maps.get(index);
    if (map == null) {
      Invariant.check(complete, "a map is loaded before it is changed");
      map = unmapped(index, dense);
      maps.put(index, map);
    }
    return map;
  }

  /** True if the first {@code blocks} blocks of a chunk are known to be written. */
  boolean covers(int index, int blocks) {
    long[] map = maps.get(index);
    return map == null ? blocks == 0 : next(map, 0, false) >= blocks;
  }

  /** The blocks that a chunk's map in memory counts; 0 without one. */
  int count(int index) {
    long[] map = maps.get(index);
    return map == null ? 0 : count(map);
  }

  /** The blocks written in a chunk whose map was loaded. */
  int written(int index, int dense) {
    long[] map = maps.get(index);
    return map == null ? (index < dense ? FileLayout.CHUNK_BLOCKS : 0) : count(map);
  }

  /** Forgets a chunk's map, in the store too. */
  void drop(Batch batch, int index) {
    maps.remove(index);
    changed.remove(index);
    batch.delete(Keys.map(ino, generation, index));
  }

  /**
   * Forgets the maps of all chunks behind {@code index}; returns what they added to the layout's
   * count of blocks.
   */
  long cutAfter(View store, Batch batch, int index, int dense, int end, Blocking blocking) {
    long dropped = 0;
    for (int each : known(store, index + 1, end, blocking)) {
      load(store, each, each, dense, blocking);
      dropped += count(each) - (each < dense ? FileLayout.CHUNK_BLOCKS : 0);
      drop(batch, each);
    }
    return dropped;
  }

  private List<Integer> known(View store, int from, int end, Blocking blocking) {
    Set<Integer> found = new HashSet<>(maps.tailMap(from, true).keySet());
    if (!complete) {
      byte[] first = Keys.map(ino, generation, from);
      byte[] last = Keys.map(ino, generation, Math.max(from, end));
      try (Entries entries = store.scan(first, last, blocking)) {
        while (entries.next()) {
          found.add(Keys.index(entries.key()));
        }
      }
    }
    return new ArrayList<>(found);
  }

  /**
   * The first block from {@code from} on that was written ({@code data}) or was not; {@code end} if
   * there is none before.
   */
  long find(View store, long from, long end, int dense, boolean data, Blocking blocking) {
    int first = (int) (from / FileLayout.CHUNK_BLOCKS);
    byte[] firstKey = Keys.map(ino, generation, first);
    try (Entries stored =
        store.scan(firstKey, complete ? firstKey : Keys.map(ino, generation + 1, 0), blocking)) {
      Cursor cursor = new Cursor(stored);
      long block = from;
      for (int seen = 0; block < end; seen++) {
        if (seen == Limits.SEEK_MAPS && blocking == Blocking.FORBIDDEN) {
          throw WouldBlock.INSTANCE;
        }
        int index = (int) (block / FileLayout.CHUNK_BLOCKS);
        int within = (int) (block % FileLayout.CHUNK_BLOCKS);
        cursor.advance(index);
        long[] map = maps.containsKey(index) ? maps.get(index) : cursor.at(index);
        if (map != null) {
          int found = next(map, within, data);
          block = (long) index * FileLayout.CHUNK_BLOCKS + found;
          if (found < FileLayout.CHUNK_BLOCKS) {
            return Math.min(block, end);
          }
        } else if (index < dense == data) {
          return block;
        } else {
          Integer known = maps.higherKey(index);
          int next = Math.min(known == null ? Integer.MAX_VALUE : known, cursor.index);
          block = (long) (index < dense ? Math.min(next, dense) : next) * FileLayout.CHUNK_BLOCKS;
        }
      }
    }
    return end;
  }

  /** A walk over stored maps in step with one over those in memory. */
  private static final class Cursor {
    private final Entries entries;
    private int index = -1;

    Cursor(Entries entries) {
      this.entries = entries;
    }

    void advance(int to) {
      while (index < to) {
        index = entries.next() ? Keys.index(entries.key()) : Integer.MAX_VALUE;
      }
    }

    long @Nullable [] at(int wanted) {
      return index == wanted ? decode(entries.value()) : null;
    }
  }

  /** Puts what has changed into {@code update}; dense chunks without holes need no map. */
  void store(Update update, FileLayout layout) {
    for (int index : changed) {
      long[] map = maps.get(index);
      if (map != null) {
        boolean dense = !layout.sparse() || index < layout.denseChunks();
        byte[] key = Keys.map(ino, generation, index);
        if (count(map) == (dense ? FileLayout.CHUNK_BLOCKS : 0)) {
          update.batch().delete(key);
        } else {
          update.batch().put(key, encode(map));
        }
      }
    }
    update.then(_ -> {
      changed.clear();
      if (maps.size() > Limits.CLEAN_MAPS) {
        complete = false;
      }
    });
  }

  /** Forgets maps that the store has too, if they are many. Nobody may be using them. */
  void trim() {
    if (!complete && maps.size() > Limits.CLEAN_MAPS) {
      maps.keySet().retainAll(changed);
    }
  }

  /** The first bit from {@code from} on that is set, or clear; behind the last if there is none. */
  private static int next(long[] map, int from, boolean set) {
    for (int block = from; block < FileLayout.CHUNK_BLOCKS; ) {
      long word = (set ? map[block >> 6] : ~map[block >> 6]) >>> block;
      if (word != 0) {
        return block + Long.numberOfTrailingZeros(word);
      }
      block = (block | Long.SIZE - 1) + 1;
    }
    return FileLayout.CHUNK_BLOCKS;
  }

  private static int count(long[] map) {
    int count = 0;
    for (long word : map) {
      count += Long.bitCount(word);
    }
    return count;
  }

  static byte[] encode(long[] map) {
    ByteBuffer out = ByteBuffer.allocate(WORDS * Long.BYTES);
    out.asLongBuffer().put(map);
    return out.array();
  }

  static long[] decode(byte[] bytes) {
    long[] map = new long[WORDS];
    ByteBuffer.wrap(bytes).asLongBuffer().get(map);
    return map;
  }

  /** The blocks that a stored map counts. */
  static int count(byte[] stored) {
    return count(decode(stored));
  }
}
