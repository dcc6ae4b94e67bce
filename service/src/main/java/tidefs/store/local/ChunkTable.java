package tidefs.store.local;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidefs.store.ChunkId;

/** The open chunks of a store, those used last to be kept. */
final class ChunkTable {
  private static final int PARTS = 16;
  private static final int LOOK_AT = 32;

  private final Part[] parts = new Part[PARTS];

  ChunkTable() {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /** A part with a lock of its own, held for a look at the map only. */
  private static final class Part {
    private final LinkedHashMap<ChunkId, OpenChunk> chunks = new LinkedHashMap<>(16, 0.75f, true);

    synchronized @Nullable OpenChunk enter(ChunkId id) {
      OpenChunk found = chunks.get(id);
      return found != null && found.enter() ? found : null;
    }

    synchronized void add(OpenChunk chunk) {
      chunks.put(chunk.id(), chunk);
    }

    synchronized @Nullable OpenChunk remove(ChunkId id) {
      return chunks.remove(id);
    }

    /** Takes out the idle one of those not used for longest. */
    synchronized @Nullable OpenChunk evict() {
      Iterator<OpenChunk> eldest = chunks.values().iterator();
      for (int i = 0; i < LOOK_AT && eldest.hasNext(); i++) {
        OpenChunk chunk = eldest.next();
        if (chunk.isIdle()) {
          eldest.remove();
          return chunk;
        }
      }
      return null;
    }

    /** Enters one of those not used for longest that nobody uses, but that is not durable. */
    synchronized @Nullable OpenChunk enterUnused() {
      return chunks.values().stream()
          .limit(LOOK_AT)
          .filter(chunk -> chunk.isUnused() && chunk.enter())
          .findFirst()
          .orElse(null);
    }

    synchronized List<OpenChunk> clear() {
      List<OpenChunk> all = new ArrayList<>(chunks.values());
      chunks.clear();
      return all;
    }
  }

  /** The chunk, if it is open; the caller has to {@link OpenChunk#exit}. */
  @Nullable OpenChunk enter(ChunkId id) {
    return part(id).enter(id);
  }

  /** Adds a chunk that is not in the table. */
  void add(OpenChunk chunk) {
    part(chunk.id()).add(chunk);
  }

  /** Drops a chunk, if it is in the table. */
  void drop(ChunkId id) {
    OpenChunk dropped = part(id).remove(id);
    if (dropped != null) {
      dropped.exit();
    }
  }

  /** Drops one chunk of those near {@code id}; makes one durable for that if need be. */
  void makeRoom(ChunkId id) {
    if (drops(id)) {
      return;
    }
    OpenChunk unused = part(id).enterUnused(); // Each thread that makes room has one of its own.
    if (unused != null) {
      try {
        unused.syncHere();
      } finally {
        unused.exit();
      }
      var _ = drops(id);
    }
  }

  private boolean drops(ChunkId id) {
    OpenChunk evicted = part(id).evict();
    if (evicted != null) {
      evicted.exit();
    }
    return evicted != null;
  }

  /** Drops all chunks. */
  void clear() {
    for (Part part : parts) {
      part.clear().forEach(OpenChunk::exit);
    }
  }

  private Part part(ChunkId id) {
    int hash = id.hashCode();
    return parts[(hash ^ (hash >>> 8) ^ (hash >>> 16)) & (PARTS - 1)];
  }
}
