package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.store.Batch;
import tidefs.store.Entries;
import tidefs.store.View;

/**
 * Which blocks of a sparse file were written: a map of bits for each chunk that is neither wholly
 * written nor untouched, in the store and, as far as needed, in memory. Guarded by the inode's
 * lock.
 */
final class BlockMaps {
  private static final int WORDS = FileLayout.CHUNK_BLOCKS / Long.SIZE;

  private final long ino;
  private final int generation;
  private final Map<Integer, long[]> maps = new HashMap<>();
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
  void load(View store, int first, int last, Blocking blocking) {
    for (int index = first; !complete && index <= last; index++) {
      if (!maps.containsKey(index)) {
        byte[] stored = store.get(Keys.map(ino, generation, index), blocking).orElse(null);
        maps.put(index, stored == null ? new long[WORDS] : decode(stored));
      }
    }
  }

  /** Marks blocks as written, the map being in memory; returns how many were not before. */
  int mark(int index, int from, int to) {
    long[] map = maps.get(index);
    if (map == null) {
      Invariant.check(complete, "a map is loaded before it is changed");
      map = new long[WORDS];
      maps.put(index, map);
    }
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

  /** True if the first {@code blocks} blocks of a chunk are known to be written. */
  boolean covers(int index, int blocks) {
    long[] map = maps.get(index);
    if (map == null) {
      return blocks == 0;
    }
    for (int block = 0; block < blocks; block++) {
      if ((map[block >> 6] & 1L << block) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The blocks that a chunk's map in memory counts. */
  int count(int index) {
    long[] map = maps.get(index);
    return map == null ? 0 : count(map);
  }

  /** Forgets a chunk's map, in the store too. */
  void drop(Batch batch, int index) {
    maps.remove(index);
    changed.remove(index);
    batch.delete(Keys.map(ino, generation, index));
  }

  /**
   * Forgets the blocks from {@code block} of chunk {@code index} on; returns how many of them were
   * written.
   */
  long cut(View store, Batch batch, int index, int block, int end, Blocking blocking) {
    load(store, index, index, blocking);
    long dropped = 0;
    for (int each : known(store, index + 1, end, blocking)) {
      load(store, each, each, blocking);
      dropped += count(each);
      drop(batch, each);
    }
    long[] whole = maps.get(index);
    if (whole != null) {
      long[] map = whole.clone();
      maps.put(index, map);
      int before = count(map);
      for (int at = block; at < FileLayout.CHUNK_BLOCKS; at++) {
        map[at >> 6] &= ~(1L << at);
      }
      int after = count(map);
      if (after != before) {
        dropped += before - after;
        changed.add(index);
      }
    }
    return dropped;
  }

  private List<Integer> known(View store, int from, int end, Blocking blocking) {
    Set<Integer> found = new HashSet<>();
    for (int each : maps.keySet()) {
      if (each >= from) {
        found.add(each);
      }
    }
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

  /** Puts what has changed into {@code update}. */
  void store(Update update) {
    for (int index : changed) {
      long[] map = maps.get(index);
      if (map != null) {
        update.batch().put(Keys.map(ino, generation, index), encode(map));
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
