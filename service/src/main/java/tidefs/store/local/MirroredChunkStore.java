package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.base.Invariant;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.RangeTurns;
import tidefs.store.StoreBusyFault;
import tidefs.store.StoreFault;

/** Chunks in several places at once. The essay is the package's. */
public final class MirroredChunkStore implements ChunkStore {
  private static final Logger log = LoggerFactory.getLogger(MirroredChunkStore.class);
  private static final long REST_NANOS = 30_000_000_000L;

  private final MirrorIntents intents;
  private final MirrorTable table;
  private final RangeTurns turns = new RangeTurns();
  private final Executor executor;
  private final ReentrantLock repairing = new ReentrantLock();
  private volatile boolean closing;

  /** What a mirror stands on; {@code home} is the folder of its record and intents. */
  record Setup(FileIo io, Path home, ChunkResources resources, Clock clock, Chance chance) {}

  private MirroredChunkStore(MirrorIntents intents, MirrorTable table, Executor executor) {
    this.intents = intents;
    this.table = table;
    this.executor = executor;
  }

  /**
   * Opens the mirror of a file system.
   *
   * @param sites where its contents are to be, the nearest first
   * @param legacy where they are, if they are in one place that was not a mirror's so far
   */
  static MirroredChunkStore open(Setup setup, List<MirrorSite> sites, Optional<MirrorSite> legacy) {
    FileIo io = setup.io();
    var _ = io.createDirectory(setup.home());
    io.syncName(setup.home()); // Even if it was there: whoever made it may have been killed.
    boolean fresh = MirrorRecord.load(io, setup.home()).isEmpty();
    Executor executor = setup.resources().syncs();
    MirrorIntents intents =
        MirrorIntents.open(io, setup.home(), setup.clock(), executor, REST_NANOS);
    try {
      if (fresh) {
        intents.clearAll();
      }
      MirrorTable table =
          MirrorTable.open(
              new MirrorTable.Setup(
                  io, setup.home(), setup.resources(), setup.chance(), intents::markAll),
              sites,
              legacy,
              !intents.marked().isEmpty());
      return new MirroredChunkStore(intents, table, executor);
    } catch (RuntimeException e) {
      intents.close();
      throw e;
    }
  }

  /** A call on one place. */
  private interface Call {
    CompletableFuture<Void> on(LocalChunkStore place);
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    check(offset, target);
    RangeTurns.Turn turn = turns.enter(chunk, offset, offset + target.remaining(), false);
    return during(turn, DONE, () -> readWhole(chunk, offset, target));
  }

  private CompletableFuture<Void> readWhole(ChunkId chunk, int offset, ByteBuffer target) {
    MirrorTable.Active place = table.primary();
    CompletableFuture<Void> read = place.store().read(chunk, offset, target);
    if (succeeded(read)) {
      return DONE;
    }
    return read.exceptionallyComposeAsync(
        failure -> {
          Throwable cause = cause(failure);
          boolean elsewhere = !(cause instanceof StoreBusyFault) && table.fail(place, cause);
          return elsewhere
              ? readWhole(chunk, offset, target)
              : CompletableFuture.failedFuture(cause);
        },
        executor);
  }

  @Override
  public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    check(offset, source);
    if (!source.hasRemaining()) {
      return DONE;
    }
    int end = offset + source.remaining();
    return change(chunk, offset, end, place -> place.write(chunk, offset, source));
  }

  @Override
  public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
    Invariant.check(length >= 0 && length <= CHUNK_BYTES, "a length lies in the chunk");
    return change(chunk, length, CHUNK_BYTES + 1, place -> place.truncate(chunk, length));
  }

  @Override
  public CompletableFuture<Void> remove(ChunkId chunk) {
    return change(chunk, 0, CHUNK_BYTES, place -> place.remove(chunk));
  }

  /** Changes a range everywhere, once that intent is durable and nobody else is at the range. */
  private CompletableFuture<Void> change(ChunkId chunk, int from, int to, Call call) {
    int bucket = ChunkNames.bucket(chunk);
    CompletableFuture<Void> noted = intents.enter(bucket, chunk);
    RangeTurns.Turn turn = turns.enter(chunk, from, to, true);
    CompletableFuture<Void> done;
    try {
      done = during(turn, noted, () -> everywhere(bucket, call));
    } catch (RuntimeException e) {
      intents.exit(bucket);
      throw e;
    }
    return afterwards(done, () -> intents.exit(bucket));
  }

  @Override
  public CompletableFuture<Void> sync(Collection<ChunkId> chunks) {
    return everywhere(-1, place -> place.sync(chunks));
  }

  /** Does something in all places that take changes. */
  private CompletableFuture<Void> everywhere(int bucket, Call call) {
    List<MirrorTable.Active> places = table.active();
    List<CompletableFuture<Void>> all = new ArrayList<>(places.size());
    boolean done = true;
    for (MirrorTable.Active each : places) {
      CompletableFuture<Void> one = call.on(each.store());
      done &= succeeded(one);
      all.add(one);
    }
    return done
        ? DONE
        : CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .exceptionallyComposeAsync(_ -> settle(bucket, places, all), executor);
  }

  /**
   * Something has failed in some places. It is done if a whole one did it, and once the others are
   * known to be behind.
   */
  private CompletableFuture<Void> settle(
      int bucket, List<MirrorTable.Active> places, List<CompletableFuture<Void>> all) {
    Throwable failure = null;
    boolean done = false;
    for (int i = 0; i < all.size(); i++) {
      if (places.get(i).whole()) {
        done |= succeeded(all.get(i));
        failure = failure == null && !succeeded(all.get(i)) ? cause(all.get(i)) : failure;
      }
    }
    if (!done && failure != null) {
      if (bucket >= 0) {
        intents.suspect(bucket);
      }
      return CompletableFuture.failedFuture(failure);
    }
    for (int i = 0; i < all.size(); i++) {
      if (!succeeded(all.get(i)) && !table.fail(places.get(i), cause(all.get(i)))) {
        return CompletableFuture.failedFuture(cause(all.get(i)));
      }
    }
    return DONE;
  }

  @Override
  public void list(ChunkSink sink) {
    table.primary().store().list(sink);
  }

  /** Where each place stands. */
  public List<MirrorStatus> status() {
    return table.status();
  }

  /** In how many of the 65,536 parts of the contents places may differ now. */
  public int doubtfulParts() {
    return intents.marked().cardinality();
  }

  /** Takes back intents of parts that have rested. Waits for the disks; call it now and then. */
  public void tend() {
    if (!closing) {
      intents.tend(chunks -> Futures.join(sync(chunks)), table::allWhole);
    }
  }

  /** Work in the background that uses the places; does nothing once the store is being closed. */
  private void upkeep(BooleanSupplier goesOn, Runnable work) {
    repairing.lock();
    try {
      if (goesOn(goesOn)) {
        work.run();
      }
    } finally {
      repairing.unlock();
    }
  }

  /**
   * Gives places that are back what they have missed. Takes as long as that takes; one thread does
   * it at a time.
   *
   * @param pace is told how many bytes were read, and waits as long as that may take
   * @param goesOn whether to go on
   */
  public void repair(LongConsumer pace, BooleanSupplier goesOn) {
    upkeep(goesOn, () -> repairNow(new MirrorRepair(turns, pace, () -> goesOn(goesOn))));
  }

  private void repairNow(MirrorRepair repair) {
    table.revive();
    for (MirrorTable.Active each : table.active()) {
      if (!each.whole() && copy(repair, intents.marked(), each)) {
        if (table.caughtUp(each) && table.allWhole()) {
          intents.release();
        }
      }
    }
    BitSet suspects = intents.takeSuspects();
    if (!suspects.isEmpty() && !settleSuspects(repair, suspects)) {
      suspects.stream().forEach(intents::suspect);
    }
  }

  private boolean settleSuspects(MirrorRepair repair, BitSet suspects) {
    boolean settled = true;
    MirrorTable.Active primary = table.primary();
    for (MirrorTable.Active each : table.active()) {
      settled &= each.equals(primary) || copy(repair, suspects, each);
    }
    return settled;
  }

  private boolean goesOn(BooleanSupplier goesOn) {
    return goesOn.getAsBoolean() && !closing;
  }

  /** Copies buckets to a place; false if it did not come to the end. */
  private boolean copy(MirrorRepair repair, BitSet buckets, MirrorTable.Active target) {
    for (int i = buckets.nextSetBit(0); i >= 0; i = buckets.nextSetBit(i + 1)) {
      MirrorTable.Active source = table.primary();
      try {
        repair.copy(i, source.store(), target.store());
        if (!repair.goesOn()) {
          return false;
        }
      } catch (MirrorRepair.PlaceFailed e) {
        MirrorTable.Active failed = e.source() ? source : target;
        if (!table.fail(failed, e.fault())) {
          log.atError()
              .addKeyValue("place", failed.site().place())
              .setCause(e.fault())
              .log("A place that alone has everything cannot be copied");
        }
        return false;
      }
    }
    return true;
  }

  /**
   * Compares all places that have everything. Takes as long as reading everything takes.
   *
   * @param sink told of a chunk that is not the same everywhere
   */
  public void compare(LongConsumer pace, BooleanSupplier goesOn, ChunkSink sink) {
    upkeep(goesOn, () -> compare(new MirrorRepair(turns, pace, () -> goesOn(goesOn)), sink));
  }

  private void compare(MirrorRepair repair, ChunkSink sink) {
    for (int bucket = 0; bucket < ChunkNames.BUCKETS && repair.goesOn(); bucket++) {
      MirrorTable.Active primary = table.primary();
      for (MirrorTable.Active each : table.active()) {
        if (each.whole() && !each.equals(primary)) {
          compare(repair, bucket, primary, each, sink);
        }
      }
    }
  }

  private void compare(
      MirrorRepair repair,
      int bucket,
      MirrorTable.Active primary,
      MirrorTable.Active other,
      ChunkSink sink) {
    try {
      repair.compare(
          bucket,
          primary.store(),
          other.store(),
          chunk -> sink.chunk(chunk, primary.store().length(chunk)));
    } catch (MirrorRepair.PlaceFailed e) {
      var _ = table.fail(e.source() ? primary : other, e.fault());
    }
  }

  /** Makes everything durable, so that the next opening need not compare anything. */
  @Override
  public void close() {
    closing = true;
    repairing.lock(); // What is under way ends soon.
    try {
      Futures.join(sync(intents.unsettled()));
      if (table.allWhole() && !intents.hasSuspects()) {
        intents.clearAll();
      }
    } catch (StoreFault e) {
      log.atWarn().setCause(e).log("A mirror was not closed in good order: it will be compared");
    } finally {
      repairing.unlock();
      intents.close();
      table.close();
    }
  }

  private interface Step {
    CompletableFuture<Void> run();
  }

  /** Does {@code work} when its turn has come and {@code noted} is complete; ends the turn then. */
  private CompletableFuture<Void> during(
      RangeTurns.Turn turn, CompletableFuture<Void> noted, Step work) {
    CompletableFuture<Void> come = Futures.both(turn.come(), noted);
    CompletableFuture<Void> done;
    try {
      done = succeeded(come) ? work.run() : come.thenCompose(_ -> work.run());
    } catch (RuntimeException e) {
      turns.exit(turn);
      throw e;
    }
    return afterwards(done, () -> turns.exit(turn));
  }

  private static CompletableFuture<Void> afterwards(CompletableFuture<Void> first, Runnable last) {
    if (succeeded(first)) {
      last.run();
      return DONE;
    }
    return first.whenComplete((_, _) -> last.run());
  }

  private static boolean succeeded(CompletableFuture<Void> future) {
    return future.state() == CompletableFuture.State.SUCCESS;
  }

  private static Throwable cause(CompletableFuture<Void> failed) {
    return cause(failed.exceptionNow());
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static void check(int offset, ByteBuffer buffer) {
    Invariant.check(
        offset >= 0 && (long) offset + buffer.remaining() <= CHUNK_BYTES,
        "a range lies in the chunk");
    Invariant.check(buffer.isDirect(), "buffers of chunks are direct");
  }
}
