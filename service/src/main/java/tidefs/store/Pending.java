package tidefs.store;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Batches that are applied and not yet in the journal, in order. One thread adds (under the store's
 * mutex), a committer takes all of them at once.
 */
final class Pending {
  private static final byte[] NOTHING = {};

  private final AtomicLong bytes = new AtomicLong();
  private volatile int waiting;
  private Group filling = new Group();

  /** Batches that were taken together. */
  static final class Group {
    private byte[][] batches = new byte[64][];
    private int[] ends = new int[64];
    private long firstSequence;
    private int count;
    private long bytes;

    int count() {
      return count;
    }

    long firstSequence() {
      return firstSequence;
    }

    byte[] batch(int index) {
      return batches[index];
    }

    int end(int index) {
      return ends[index];
    }

    private void add(long sequence, byte[] batch, int end) {
      if (count == 0) {
        firstSequence = sequence;
      } else if (count == ends.length) {
        batches = Arrays.copyOf(batches, count * 2);
        ends = Arrays.copyOf(ends, count * 2);
      }
      batches[count] = batch;
      ends[count++] = end;
      bytes += end - Batch.PAYLOAD_OFFSET;
    }

    private void clear() {
      Arrays.fill(batches, 0, count, NOTHING);
      count = 0;
      bytes = 0;
    }
  }

  /** Bytes that wait, those being written included. */
  long bytes() {
    return bytes.get();
  }

  /** The committer is done with a group that it took. */
  void written(Group group) {
    bytes.addAndGet(-group.bytes);
  }

  synchronized void add(long sequence, Batch batch) {
    filling.add(sequence, batch.bytes(), batch.end());
    waiting = filling.count;
    bytes.addAndGet(batch.encodedBytes());
  }

  /** All that waits, perhaps nothing. What is added from now on goes to {@code spare}. */
  synchronized Group take(Group spare) {
    Group taken = filling;
    spare.clear();
    filling = spare;
    waiting = 0;
    return taken;
  }

  boolean isEmpty() {
    return waiting == 0;
  }
}
