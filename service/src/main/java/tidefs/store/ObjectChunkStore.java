package tidefs.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tidefs.base.Invariant;

/**
 * Chunks of a cold storage class as objects: each written once, whole, compressed, sealed if the
 * file system is encrypted, and with a checksum that is verified each time it is read.
 *
 * <p>Unlike other chunk stores this one knows what it must have: a chunk that is missing or damaged
 * fails a read; it never reads as zeros. What was read last is kept in memory, so that a chunk that
 * is read in pieces is fetched once.
 */
public final class ObjectChunkStore implements ChunkStore {
  /** A user reads no more at once; who does moves or checks a chunk, and wants what is stored. */
  private static final int LARGEST_READ_BYTES = 1 << 20;

  private final Supplier<ObjectPlace> opener;
  private volatile @Nullable ObjectPlace opened;
  private final ChunkImage images;
  private final ObjectCache cache;
  private final Executor executor;
  private final AtomicLong damaged = new AtomicLong();

  /**
   * Chunks in a place, which is closed with this store.
   *
   * @param place opens it, when it is first needed
   * @param cipher seals images of chunks
   * @param executor where calls wait; a few threads
   */
  public ObjectChunkStore(
      Supplier<ObjectPlace> place, RecordCipher cipher, ObjectCache cache, Executor executor) {
    this.opener = place;
    this.images = new ChunkImage(cipher);
    this.cache = cache;
    this.executor = executor;
  }

  private ObjectPlace place() {
    ObjectPlace place = opened;
    if (place != null) {
      return place;
    }
    synchronized (this) {
      ObjectPlace now = opened == null ? opener.get() : opened;
      opened = now;
      return now;
    }
  }

  /** How many reads met damaged bytes. */
  public long damaged() {
    return damaged.get();
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    if (target.remaining() > LARGEST_READ_BYTES) {
      return run(() -> fill(fetch(chunk), offset, target));
    }
    byte[] known = cache.find(this, chunk);
    if (known != null) {
      fill(known, offset, target);
      return DONE;
    }
    return cache
        .load(this, chunk, () -> CompletableFuture.supplyAsync(() -> fetch(chunk), executor))
        .thenAccept(bytes -> fill(bytes, offset, target));
  }

  private byte[] fetch(ChunkId chunk) {
    return place()
        .get(name(chunk), image -> open(chunk, image))
        .orElseThrow(() -> new StoreFault("a chunk is missing from its place"));
  }

  private byte[] open(ChunkId chunk, byte[] image) {
    try {
      return images.open(chunk, image);
    } catch (StoreFault e) {
      damaged.incrementAndGet();
      throw e;
    }
  }

  /**
   * Checks all copies in their places, not what is kept in memory, and mends those that are wrong;
   * {@code scratch} is left as it is. Nothing was ever kept of a copy that is wrong.
   */
  @Override
  public CompletableFuture<Void> verify(ChunkId chunk, ByteBuffer scratch) {
    return run(() -> {
      int _ = place().mend(name(chunk), image -> open(chunk, image));
    });
  }

  private static void fill(byte[] bytes, int offset, ByteBuffer target) {
    int there = Math.clamp((long) bytes.length - offset, 0, target.remaining());
    int at = target.position();
    if (there > 0) {
      target.put(at, bytes, offset, there);
    }
    for (int i = at + there; i < target.limit(); i++) {
      target.put(i, (byte) 0);
    }
  }

  /** Writes a whole chunk, once. */
  @Override
  public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    Invariant.check(offset == 0, "a chunk of a cold place is written whole");
    return run(() -> {
      byte[] bytes = new byte[source.remaining()];
      source.get(source.position(), bytes);
      place().put(name(chunk), images.of(chunk, bytes));
    });
  }

  @Override
  public CompletableFuture<Void> sync(Collection<ChunkId> chunks) {
    List<String> names = new ArrayList<>(chunks.size());
    chunks.forEach(chunk -> names.add(name(chunk)));
    return run(() -> place().sync(names));
  }

  @Override
  public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
    throw new UnsupportedOperationException("chunks of a cold place never change");
  }

  @Override
  public CompletableFuture<Void> remove(ChunkId chunk) {
    cache.forget(this, chunk);
    return run(() -> place().remove(name(chunk)));
  }

  /** Lengths are not known: all chunks are told as full. */
  @Override
  public void list(ChunkSink sink) {
    String after = "";
    List<String> names = place().list("", after);
    while (!names.isEmpty()) {
      names.forEach(name -> sink.chunk(chunk(name), CHUNK_BYTES));
      after = names.getLast();
      names = place().list("", after);
    }
  }

  @Override
  public void close() {
    ObjectPlace place = opened;
    if (place != null) {
      place.close();
    }
  }

  private CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, executor);
  }

  /** The name of a chunk's object. */
  public static String name(ChunkId chunk) {
    return Long.toHexString(chunk.ino())
        + '-'
        + Integer.toHexString(chunk.generation())
        + '-'
        + Integer.toHexString(chunk.index());
  }

  private static ChunkId chunk(String name) {
    try {
      String[] parts = name.split("-", -1);
      return new ChunkId(
          Long.parseUnsignedLong(parts[0], 16),
          Integer.parseUnsignedInt(parts[1], 16),
          Integer.parseUnsignedInt(parts[2], 16));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new StoreFault("a place holds what is no chunk", e);
    }
  }
}
