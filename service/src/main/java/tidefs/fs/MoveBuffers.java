package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import tidefs.store.ChunkStore;

/** Memory for chunks on their way from place to place; a few buffers are kept. */
final class MoveBuffers {
  private static final int KEPT = 8;

  private final Deque<ByteBuffer> free = new ArrayDeque<>();

  /** A direct buffer of a chunk's size, cleared. */
  ByteBuffer take() {
    synchronized (free) {
      ByteBuffer kept = free.pollFirst();
      if (kept != null) {
        return kept.clear();
      }
    }
    return ByteBuffer.allocateDirect(ChunkStore.CHUNK_BYTES);
  }

  /** Gives a buffer back that nobody uses any more. */
  void give(ByteBuffer buffer) {
    synchronized (free) {
      if (free.size() < KEPT) {
        free.addFirst(buffer);
      }
    }
  }
}
