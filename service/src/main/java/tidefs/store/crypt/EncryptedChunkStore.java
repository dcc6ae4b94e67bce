package tidefs.store.crypt;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import tidefs.base.Invariant;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.RangeTurns;

/**
 * Chunks that are encrypted before another store sees them. The essay is the package's.
 *
 * <p>What is found in memory is decrypted in the caller; the rest by whoever completes the
 * transfer.
 */
@SuppressWarnings("ReferenceEquality") // Each is one of its kind.
public final class EncryptedChunkStore implements ChunkStore {
  private static final int BLOCK = BlockCipher.BLOCK_BYTES;

  private final ChunkStore encrypted;
  private final DataKeys keys;
  private final ThreadLocal<BlockCipher[]> ciphers;
  private final RangeTurns turns = new RangeTurns();
  private final Buffers buffers = new Buffers();

  /** Encrypts with {@code keys} what goes to {@code encrypted}, which is closed with this store. */
  public EncryptedChunkStore(ChunkStore encrypted, DataKeys keys) {
    this.encrypted = encrypted;
    this.keys = keys;
    this.ciphers = ThreadLocal.withInitial(() -> new BlockCipher[keys.eras().size()]);
  }

  /** The same with one key. */
  public EncryptedChunkStore(ChunkStore encrypted, DataKey key) {
    this(encrypted, DataKeys.of(key));
  }

  /** The cipher of a chunk, for this thread. */
  private BlockCipher cipher(ChunkId chunk) {
    BlockCipher[] mine = ciphers.get();
    int era = keys.of(chunk);
    BlockCipher cipher = mine[era];
    if (cipher == null) {
      cipher = keys.eras().get(era).key().contents();
      mine[era] = cipher;
    }
    return cipher;
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    check(offset, target);
    if (!target.hasRemaining()) {
      return DONE;
    }
    int end = offset + target.remaining();
    RangeTurns.Turn turn = turns.enter(chunk, down(offset), up(end), false);
    return during(turn, () -> readInTurn(chunk, offset, target));
  }

  private CompletableFuture<Void> readInTurn(ChunkId chunk, int offset, ByteBuffer target) {
    int at = target.position();
    int end = offset + target.remaining();
    if (isAligned(offset) && isAligned(end)) {
      return then(
          encrypted.read(chunk, offset, target),
          () -> cipher(chunk).decrypt(chunk, offset, target, at, at + end - offset));
    }
    CompletableFuture<Void> all = DONE;
    for (int from = offset; from < end; ) {
      int to = Math.min(end, down(from) + Buffers.BYTES);
      all = both(all, readPiece(chunk, from, to, target, at + from - offset));
      from = to;
    }
    return all;
  }

  /** Reads bytes that do not begin and end with a block, through a buffer. */
  private CompletableFuture<Void> readPiece(
      ChunkId chunk, int from, int to, ByteBuffer target, int at) {
    ByteBuffer whole = buffers.take().limit(up(to) - down(from));
    CompletableFuture<Void> read =
        then(
            encrypted.read(chunk, down(from), whole),
            () -> {
              cipher(chunk).decrypt(chunk, down(from), whole, 0, whole.limit());
              target.put(at, whole, from - down(from), to - from);
            });
    return afterwards(read, () -> buffers.give(whole));
  }

  @Override
  public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    check(offset, source);
    if (!source.hasRemaining()) {
      return DONE;
    }
    int end = offset + source.remaining();
    RangeTurns.Turn turn = turns.enter(chunk, down(offset), up(end), true);
    return during(turn, () -> writeInTurn(chunk, offset, source));
  }

  private CompletableFuture<Void> writeInTurn(ChunkId chunk, int offset, ByteBuffer source) {
    int end = offset + source.remaining();
    CompletableFuture<Void> all = DONE;
    for (int from = offset; from < end; ) {
      int to = Math.min(end, down(from) + Buffers.BYTES);
      all = both(all, writePiece(chunk, from, to, source, source.position() + from - offset));
      from = to;
    }
    return all;
  }

  private CompletableFuture<Void> writePiece(
      ChunkId chunk, int from, int to, ByteBuffer source, int at) {
    int start = down(from);
    ByteBuffer whole = buffers.take().limit(up(to) - start);
    CompletableFuture<Void> written;
    if (isAligned(from) && isAligned(to)) {
      cipher(chunk).encrypt(chunk, from, source, at, at + to - from, whole, 0);
      written = encrypted.write(chunk, from, whole);
    } else {
      written =
          compose(
              readEdges(chunk, from, to, whole),
              () -> {
                whole.put(from - start, source, at, to - from);
                cipher(chunk).encrypt(chunk, start, whole, 0, whole.limit(), whole, 0);
                return encrypted.write(chunk, start, whole);
              });
    }
    return afterwards(written, () -> buffers.give(whole));
  }

  /** Reads the blocks of which a write covers a part only into their places in {@code whole}. */
  private CompletableFuture<Void> readEdges(ChunkId chunk, int from, int to, ByteBuffer whole) {
    int start = down(from);
    int lastBlock = down(to - 1);
    CompletableFuture<Void> edges = DONE;
    if (!isAligned(from)) {
      edges = readBlock(chunk, start, whole.slice(0, BLOCK));
    }
    if (!isAligned(to) && (isAligned(from) || lastBlock != start)) {
      edges = both(edges, readBlock(chunk, lastBlock, whole.slice(lastBlock - start, BLOCK)));
    }
    return edges;
  }

  private CompletableFuture<Void> readBlock(ChunkId chunk, int offset, ByteBuffer block) {
    return then(
        encrypted.read(chunk, offset, block),
        () -> cipher(chunk).decrypt(chunk, offset, block, 0, BLOCK));
  }

  @Override
  public CompletableFuture<Void> sync(Collection<ChunkId> chunks) {
    return encrypted.sync(chunks);
  }

  @Override
  public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
    Invariant.check(length >= 0 && length <= CHUNK_BYTES, "a length lies in the chunk");
    RangeTurns.Turn turn = turns.enter(chunk, down(length), CHUNK_BYTES, true);
    return during(
        turn,
        () ->
            isAligned(length)
                ? encrypted.truncate(chunk, length)
                : compose(clearRest(chunk, length), () -> encrypted.truncate(chunk, up(length))));
  }

  /** Sets the rest of the block at {@code length} to zeros, if the block was ever written. */
  private CompletableFuture<Void> clearRest(ChunkId chunk, int length) {
    int start = down(length);
    ByteBuffer block = buffers.take().limit(BLOCK);
    CompletableFuture<Void> cleared =
        compose(
            encrypted.read(chunk, start, block),
            () -> {
              if ((block.getLong(0) | block.getLong(Long.BYTES)) == 0) {
                return DONE;
              }
              cipher(chunk).decrypt(chunk, start, block, 0, BLOCK);
              for (int i = length - start; i < BLOCK; i++) {
                block.put(i, (byte) 0);
              }
              cipher(chunk).encrypt(chunk, start, block, 0, BLOCK, block, 0);
              return encrypted.write(chunk, start, block);
            });
    return afterwards(cleared, () -> buffers.give(block));
  }

  @Override
  public CompletableFuture<Void> remove(ChunkId chunk) {
    RangeTurns.Turn turn = turns.enter(chunk, 0, CHUNK_BYTES, true);
    return during(turn, () -> encrypted.remove(chunk));
  }

  /** Lengths are told in whole blocks: how much of the last one was written is encrypted too. */
  @Override
  public void list(ChunkSink sink) {
    encrypted.list(sink);
  }

  @Override
  public void close() {
    encrypted.close();
  }

  /** Does {@code work} when its turn has come, and ends the turn afterwards. */
  private CompletableFuture<Void> during(RangeTurns.Turn turn, Step work) {
    CompletableFuture<Void> done;
    try {
      done = compose(turn.come(), work);
    } catch (RuntimeException e) {
      turns.exit(turn);
      throw e;
    }
    return afterwards(done, () -> turns.exit(turn));
  }

  private static boolean isAligned(int offset) {
    return offset % BLOCK == 0;
  }

  private static int down(int offset) {
    return offset & -BLOCK;
  }

  private static int up(int offset) {
    return offset + BLOCK - 1 & -BLOCK;
  }

  private static void check(int offset, ByteBuffer buffer) {
    Invariant.check(
        offset >= 0 && (long) offset + buffer.remaining() <= CHUNK_BYTES,
        "a range lies in the chunk");
    Invariant.check(buffer.isDirect(), "buffers of chunks are direct");
  }

  /** Goes on with what may or may not be complete at once. */
  @FunctionalInterface
  private interface Step {
    CompletableFuture<Void> run();
  }

  private static boolean succeeded(CompletableFuture<Void> future) {
    return future.state() == CompletableFuture.State.SUCCESS;
  }

  private static CompletableFuture<Void> compose(CompletableFuture<Void> first, Step next) {
    return succeeded(first) ? next.run() : first.thenCompose(_ -> next.run());
  }

  private static CompletableFuture<Void> then(CompletableFuture<Void> first, Runnable next) {
    if (succeeded(first)) {
      next.run();
      return DONE;
    }
    return first.thenRun(next);
  }

  /** Runs {@code last} whatever became of {@code first}; the outcome is that of {@code first}. */
  private static CompletableFuture<Void> afterwards(CompletableFuture<Void> first, Runnable last) {
    if (succeeded(first)) {
      last.run();
      return DONE;
    }
    return first.whenComplete((_, _) -> last.run());
  }

  private static CompletableFuture<Void> both(
      CompletableFuture<Void> one, CompletableFuture<Void> other) {
    if (succeeded(one)) {
      return other;
    }
    return succeeded(other) ? one : CompletableFuture.allOf(one, other);
  }
}
