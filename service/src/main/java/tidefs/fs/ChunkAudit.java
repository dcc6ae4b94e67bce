package tidefs.fs;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import tidefs.base.Blocking;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;
import tidefs.store.View;

/**
 * Compares the chunks that there are with those that files need. Files are added in the order of
 * their numbers; each with contents in chunks takes 24 bytes.
 */
final class ChunkAudit {
  private final Set<Long> garbage = new HashSet<>();
  private final Set<Long> redone = new HashSet<>();
  private long[] inos = new long[1_024];
  private int[] generations = new int[1_024];
  private int[] limits = new int[1_024];
  private int[] needed = new int[1_024];
  private int[] found = new int[1_024];
  private int size;
  private long strays;
  private long strayBytes;

  /** Tells of all chunks. */
  interface Listing {
    void list(ChunkStore.ChunkSink sink);
  }

  /** What the other tables of {@code view} say about chunks. */
  ChunkAudit(View view) {
    try (Entries all =
        view.scan(Keys.first(Keys.GARBAGE), Keys.end(Keys.GARBAGE), Blocking.ALLOWED)) {
      while (all.next()) {
        garbage.add(Garbage.decode(all.value()).ino());
      }
    }
    try (Entries all = view.scan(Keys.first(Keys.REDO), Keys.end(Keys.REDO), Blocking.ALLOWED)) {
      while (all.next()) {
        redone.add(Keys.number(all.key()));
      }
    }
  }

  /** A regular file. */
  void add(long ino, InodeState state) {
    FileLayout layout = state.layout();
    if (layout.inline()) {
      return;
    }
    if (size == inos.length) {
      int larger = size + (size >> 1);
      inos = Arrays.copyOf(inos, larger);
      generations = Arrays.copyOf(generations, larger);
      limits = Arrays.copyOf(limits, larger);
      needed = Arrays.copyOf(needed, larger);
      found = Arrays.copyOf(found, larger);
    }
    long length = state.attributes().size();
    inos[size] = ino;
    generations[size] = layout.chunkGeneration();
    limits[size] = layout.chunks(length);
    // Which chunks a file with holes has, its maps say; it may have been written in none.
    boolean moved = layout.tier().end() != 0; // To another class, wholly or in part.
    boolean whole = !layout.sparse() && !moved && !redone.contains(ino);
    needed[size] = whole ? FileLayout.chunksIn(length) : 0;
    size++;
  }

  /** Lists the chunks; {@code missing} is told of files and how many of their chunks are gone. */
  void run(Listing chunks, BiConsumer<Long, Integer> missing) {
    chunks.list(this::found);
    for (int i = 0; i < size; i++) {
      if (found[i] < needed[i]) {
        missing.accept(inos[i], needed[i] - found[i]);
      }
    }
  }

  private void found(ChunkId chunk, int length) {
    int at = Arrays.binarySearch(inos, 0, size, chunk.ino());
    boolean its = at >= 0 && generations[at] == chunk.generation() && chunk.index() < limits[at];
    if (its && chunk.index() < needed[at]) {
      found[at]++;
    }
    if (!its && !garbage.contains(chunk.ino())) {
      strays++;
      strayBytes += length;
    }
  }

  /** Chunks that nobody refers to: a crash can leave them, of writes that were not acknowledged. */
  long strays() {
    return strays;
  }

  long strayBytes() {
    return strayBytes;
  }
}
