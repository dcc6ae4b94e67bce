package tidefs.store.local;

import java.nio.ByteBuffer;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.RangeTurns;
import tidefs.store.StoreFault;

/** Compares the chunks of two places, and makes one like the other, chunk by chunk. */
final class MirrorRepair {
  private static final int PIECE_BYTES = 1 << 20;
  private static final int BLOCK_BYTES = 64 << 10;

  private final RangeTurns turns;
  private final LongConsumer pace;
  private final BooleanSupplier goesOn;
  private final ByteBuffer right = ByteBuffer.allocateDirect(PIECE_BYTES);
  private final ByteBuffer other = ByteBuffer.allocateDirect(PIECE_BYTES);

  /**
   * Work for one thread.
   *
   * @param turns keeps changes away from the chunk that is looked at
   * @param pace is told how many bytes were read, and waits as long as that may take
   * @param goesOn asked before each chunk
   */
  MirrorRepair(RangeTurns turns, LongConsumer pace, BooleanSupplier goesOn) {
    this.turns = turns;
    this.pace = pace;
    this.goesOn = goesOn;
  }

  /** Whether there is more to do. */
  boolean goesOn() {
    return goesOn.getAsBoolean();
  }

  /** One of the two places has failed. */
  static final class PlaceFailed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean source;
    private final StoreFault fault;

    PlaceFailed(boolean source, StoreFault fault) {
      super(fault);
      this.source = source;
      this.fault = fault;
    }

    /** What went wrong. */
    StoreFault fault() {
      return fault;
    }

    /** Whether it is the place that is copied from. */
    boolean source() {
      return source;
    }
  }

  /** A chunk that is not the same in two places. */
  @FunctionalInterface
  interface Difference {
    void found(ChunkId chunk);
  }

  /** Makes a bucket of {@code target} as that of {@code source} is, and both of them durable. */
  void copy(int bucket, LocalChunkStore source, LocalChunkStore target) {
    each(bucket, source, target, true, chunk -> copy(chunk, source, target));
  }

  /** Tells which chunks of a bucket differ. */
  void compare(int bucket, LocalChunkStore one, LocalChunkStore two, Difference sink) {
    each(
        bucket,
        one,
        two,
        false,
        chunk -> {
          if (!isSame(chunk, one, two)) {
            sink.found(chunk);
          }
        });
  }

  private interface Work {
    void on(ChunkId chunk);
  }

  private void each(
      int bucket, LocalChunkStore source, LocalChunkStore target, boolean alone, Work work) {
    TreeSet<ChunkId> chunks =
        new TreeSet<>((a, b) -> {
          int order = Long.compareUnsigned(a.ino(), b.ino());
          order = order != 0 ? order : Integer.compare(a.generation(), b.generation());
          return order != 0 ? order : Integer.compare(a.index(), b.index());
        });
    if (!goesOn()) {
      return;
    }
    of(true, () -> source.list(bucket, (chunk, _) -> chunks.add(chunk)));
    of(false, () -> target.list(bucket, (chunk, _) -> chunks.add(chunk)));
    for (ChunkId chunk : chunks) {
      if (!goesOn()) {
        return;
      }
      RangeTurns.Turn turn = turns.enter(chunk, 0, ChunkStore.CHUNK_BYTES, alone);
      turn.come().join();
      int length;
      try {
        work.on(chunk);
        length = Math.max(source.length(chunk), 0);
      } finally {
        turns.exit(turn);
      }
      pace.accept(2L * length);
    }
  }

  private void copy(ChunkId chunk, LocalChunkStore source, LocalChunkStore target) {
    int length = of(true, source, chunk);
    int there = of(false, target, chunk);
    if (length == FileIo.ABSENT) {
      of(false, () -> Futures.join(target.remove(chunk)));
    } else {
      if (there > length) {
        of(false, () -> Futures.join(target.truncate(chunk, length)));
      }
      for (int at = 0; at < length; at += PIECE_BYTES) {
        copyPiece(chunk, at, Math.min(PIECE_BYTES, length - at), source, target);
      }
      if (Math.max(there, 0) < length) { // As long, even if it ends with zeros.
        of(
            false,
            () -> {
              int last = (length - 1) % PIECE_BYTES;
              Futures.join(target.write(chunk, length - 1, right.slice(last, 1)));
            });
      }
    }
    of(true, () -> Futures.join(source.settle(chunk)));
    of(false, () -> Futures.join(target.settle(chunk)));
  }

  private void copyPiece(
      ChunkId chunk, int at, int count, LocalChunkStore source, LocalChunkStore target) {
    readPiece(chunk, at, count, source, target);
    for (int from = 0; from < count; from += BLOCK_BYTES) {
      int bytes = Math.min(BLOCK_BYTES, count - from);
      ByteBuffer block = right.slice(from, bytes);
      if (!block.equals(other.slice(from, bytes))) {
        int offset = at + from;
        of(false, () -> Futures.join(target.write(chunk, offset, block)));
      }
    }
  }

  private boolean isSame(ChunkId chunk, LocalChunkStore one, LocalChunkStore two) {
    int length = Math.max(of(true, one, chunk), of(false, two, chunk));
    for (int at = 0; at < length; at += PIECE_BYTES) {
      int count = Math.min(PIECE_BYTES, length - at);
      readPiece(chunk, at, count, one, two);
      if (!right.slice(0, count).equals(other.slice(0, count))) {
        return false;
      }
    }
    return true;
  }

  private void readPiece(
      ChunkId chunk, int at, int count, LocalChunkStore source, LocalChunkStore target) {
    of(true, () -> Futures.join(source.read(chunk, at, right.slice(0, count))));
    of(false, () -> Futures.join(target.read(chunk, at, other.slice(0, count))));
  }

  private static int of(boolean source, LocalChunkStore store, ChunkId chunk) {
    int[] length = new int[1];
    of(source, () -> length[0] = store.length(chunk));
    return length[0];
  }

  /** Says which place a fault is of. */
  private static void of(boolean source, Runnable work) {
    try {
      work.run();
    } catch (StoreFault e) {
      throw new PlaceFailed(source, e);
    }
  }
}
