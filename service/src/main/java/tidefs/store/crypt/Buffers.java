package tidefs.store.crypt;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Direct buffers of {@value #BYTES} bytes to write encrypted bytes from. As many are kept as are
 * likely to be needed at a time.
 */
final class Buffers {
  static final int BYTES = 256 << 10;
  private static final int KEPT = 64;

  private final ArrayBlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(KEPT);

  /** A cleared buffer: the caller's until it gives it back. */
  ByteBuffer take() {
    ByteBuffer buffer = free.poll();
    return buffer == null ? ByteBuffer.allocateDirect(BYTES) : buffer.clear();
  }

  /** Takes a buffer back that nobody uses any more. */
  void give(ByteBuffer buffer) {
    free.offer(buffer);
  }
}
