package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tidefs.base.Clock;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.StoreFault;

/**
 * In which buckets of chunks the places of a mirror may differ: one bit each, in a file, set
 * durably before anything in the bucket is changed in any place. A bit is taken back when the
 * bucket has rested, is durable everywhere, and no place has missed any of it.
 */
final class MirrorIntents implements AutoCloseable {
  private static final String FILE = "intents";
  private static final int BYTES = ChunkNames.BUCKETS / Byte.SIZE;
  private static final int SECTOR_BYTES = 512;
  private static final int SECTOR_BITS = SECTOR_BYTES * Byte.SIZE;

  /** How many chunks of a bucket are remembered before they are made durable to forget them. */
  private static final int REMEMBERED = 4_096;

  private final FileIo io;
  private final Clock clock;
  private final Executor executor;
  private final long restNanos;
  private final int file;
  private final ConcurrentHashMap<Integer, Bucket> buckets = new ConcurrentHashMap<>();

  /** The file as it is to be, and those bits of it of which that is durable. Guarded by this. */
  private final BitSet wanted = new BitSet(ChunkNames.BUCKETS);

  private final BitSet durable = new BitSet(ChunkNames.BUCKETS);
  private final BitSet sectors = new BitSet();
  private final BitSet suspects = new BitSet();
  private @Nullable CompletableFuture<Void> next;
  private boolean writing;
  private boolean failed;

  /** A bucket that is or was written to lately. */
  private static final class Bucket {
    private final Map<ChunkId, Long> chunks = new HashMap<>(4);
    private CompletableFuture<Void> noted = ChunkStore.DONE;
    private long changes;
    private int underWay;
    private long lastUse;
    private boolean retired;
  }

  private MirrorIntents(FileIo io, Path home, Clock clock, Executor executor, long restNanos) {
    this.io = io;
    this.clock = clock;
    this.executor = executor;
    this.restNanos = restNanos;
    Path path = home.resolve(FILE);
    this.file = io.create(path);
    load();
    io.syncName(path);
  }

  /**
   * Opens the file in {@code home}.
   *
   * @param restNanos how long a bucket has to rest before its bit is taken back
   */
  static MirrorIntents open(FileIo io, Path home, Clock clock, Executor executor, long restNanos) {
    return new MirrorIntents(io, home, clock, executor, restNanos);
  }

  private void load() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    if (io.read(file, 0, buffer) == BYTES) {
      wanted.or(BitSet.valueOf(buffer));
      durable.or(wanted);
    } else { // New, or cut short by a loss of power when it was: nothing is known.
      markAll();
    }
  }

  /** Every bucket may differ. Durable on return. */
  synchronized void markAll() {
    wanted.set(0, ChunkNames.BUCKETS);
    write(0, BYTES);
    io.sync(file);
    durable.or(wanted);
  }

  /** No bucket differs: there is nothing in any place yet, or all is durable everywhere. */
  synchronized void clearAll() {
    wanted.clear();
    durable.clear();
    write(0, BYTES);
    io.sync(file);
  }

  /** Those that may differ. */
  synchronized BitSet marked() {
    return (BitSet) wanted.clone();
  }

  /**
   * Something begins to change {@code chunk}, and may when the future is complete. {@link #exit}
   * when it has.
   */
  CompletableFuture<Void> enter(int bucket, ChunkId chunk) {
    while (true) {
      Bucket entered = buckets.computeIfAbsent(bucket, _ -> new Bucket());
      synchronized (entered) {
        if (!entered.retired) {
          if (entered.changes == 0) {
            entered.noted = mark(bucket);
          }
          entered.underWay++;
          entered.changes++;
          entered.chunks.put(chunk, entered.changes);
          return entered.noted;
        }
      }
    }
  }

  /** A change has ended, however. */
  void exit(int bucket) {
    Bucket entered = buckets.get(bucket);
    if (entered != null) {
      synchronized (entered) {
        entered.underWay--;
        entered.lastUse = clock.monotonicNanos();
      }
    }
  }

  /** A change of this bucket failed in every place: they are to be compared before it counts. */
  synchronized void suspect(int bucket) {
    suspects.set(bucket);
  }

  /** The buckets that were suspected since the last call. */
  synchronized BitSet takeSuspects() {
    BitSet taken = (BitSet) suspects.clone();
    suspects.clear();
    return taken;
  }

  private CompletableFuture<Void> mark(int bucket) {
    CompletableFuture<Void> mine;
    synchronized (this) {
      if (durable.get(bucket)) {
        return ChunkStore.DONE;
      }
      if (failed) {
        return CompletableFuture.failedFuture(hasFailed());
      }
      wanted.set(bucket);
      sectors.set(bucket / SECTOR_BITS);
      CompletableFuture<Void> following = next == null ? new CompletableFuture<>() : next;
      next = following;
      mine = following;
      if (writing) {
        return mine;
      }
      writing = true;
    }
    executor.execute(this::writeOut);
    return mine;
  }

  /** Makes durable what is wanted, and again as long as there is more. */
  private void writeOut() {
    while (true) {
      CompletableFuture<Void> current;
      BitSet covered;
      synchronized (this) {
        if (next == null) {
          writing = false;
          return;
        }
        current = next;
        next = null;
      }
      try {
        covered = writeSectors();
        io.sync(file);
      } catch (RuntimeException | Error e) { // The edge of a task: whoever waits is told.
        fail(current, e);
        return;
      }
      synchronized (this) {
        covered.and(wanted); // Some may have been taken back meanwhile.
        durable.or(covered);
      }
      current.complete(null);
    }
  }

  private void fail(CompletableFuture<Void> current, Throwable cause) {
    CompletableFuture<Void> following;
    synchronized (this) {
      failed = true;
      following = next;
      next = null;
      writing = false;
    }
    current.completeExceptionally(cause);
    if (following != null) {
      following.completeExceptionally(hasFailed());
    }
  }

  /** Writes what has changed; returns what is wanted now, of which later changes may differ. */
  private synchronized BitSet writeSectors() {
    for (int i = sectors.nextSetBit(0); i >= 0; i = sectors.nextSetBit(i + 1)) {
      write(i * SECTOR_BYTES, SECTOR_BYTES);
    }
    sectors.clear();
    return (BitSet) wanted.clone();
  }

  private void write(int from, int count) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(count);
    int first = from * Byte.SIZE;
    byte[] set = wanted.get(first, first + count * Byte.SIZE).toByteArray();
    io.write(file, from, buffer.put(set).clear());
  }

  /**
   * Forgets what has rested. Waits.
   *
   * @param sync makes chunks durable in every place that is there
   * @param whole whether no place has missed anything
   */
  void tend(Consumer<List<ChunkId>> sync, BooleanSupplier whole) {
    long now = clock.monotonicNanos();
    buckets.forEach((number, bucket) -> {
      Map<ChunkId, Long> rested;
      synchronized (bucket) {
        boolean rests = bucket.underWay == 0 && now - bucket.lastUse >= restNanos;
        if (!rests && bucket.chunks.size() < REMEMBERED) {
          return;
        }
        rested = new HashMap<>(bucket.chunks);
      }
      sync.accept(new ArrayList<>(rested.keySet()));
      retire(number, bucket, rested, whole);
    });
  }

  private void retire(int number, Bucket bucket, Map<ChunkId, Long> rested, BooleanSupplier whole) {
    synchronized (bucket) {
      rested.forEach(bucket.chunks::remove);
      if (bucket.underWay > 0 || !bucket.chunks.isEmpty()) {
        return;
      }
      synchronized (this) {
        if (whole.getAsBoolean() && !suspects.get(number)) {
          wanted.clear(number);
          durable.clear(number);
          sectors.set(number / SECTOR_BITS); // Written when others are.
        }
      }
      bucket.retired = true;
      buckets.remove(number, bucket);
    }
  }

  /** Lets the bits of buckets that nobody writes to be taken back: every place is whole now. */
  void release() {
    BitSet marked = marked();
    for (int i = marked.nextSetBit(0); i >= 0; i = marked.nextSetBit(i + 1)) {
      buckets.computeIfAbsent(
          i,
          _ -> {
            Bucket rests = new Bucket();
            rests.lastUse = clock.monotonicNanos() - restNanos;
            return rests;
          });
    }
  }

  /** All chunks that may not be durable. */
  List<ChunkId> unsettled() {
    List<ChunkId> all = new ArrayList<>();
    for (Bucket each : buckets.values()) {
      synchronized (each) {
        all.addAll(each.chunks.keySet());
      }
    }
    return all;
  }

  /** Whether some buckets are to be compared. */
  synchronized boolean hasSuspects() {
    return !suspects.isEmpty();
  }

  private static StoreFault hasFailed() {
    return new StoreFault("the intents of a mirror could not be written");
  }

  @Override
  public void close() {
    io.close(file);
  }
}
