package tidefs.fs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.Batch;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;
import tidefs.store.StoreFault;

/**
 * Takes away what has lost its last name, and contents that were cut off.
 *
 * <p>An inode that is held when its last name goes becomes an orphan and is removed when the last
 * holder leaves, or when the file system is next opened. Chunks go in the background in bounded
 * steps, and only once the change that gave them up is durable; a garbage record, written with that
 * change, remembers them until they are gone.
 */
final class Reclaimer {
  private static final Logger log = LoggerFactory.getLogger(Reclaimer.class);
  private static final byte[] MARK = {1};

  private final Core core;
  private final AtomicLong nextNumber = new AtomicLong();
  private final Deque<Runnable> deferred = new ArrayDeque<>();
  private int pins;
  private final Map<Long, Garbage> waiting = new ConcurrentHashMap<>();

  Reclaimer(Core core) {
    this.core = core;
  }

  /** Takes a name from an inode. The caller holds its lock. */
  void unlink(Update update, Inode inode, InodeState state, Time now) {
    Attributes before = state.attributes();
    int links = state.type() == FileType.DIRECTORY ? 0 : before.links() - 1;
    InodeState after = state.with(new AttributesBuilder(before).links(links).touch(now).build());
    if (links > 0) {
      update.set(inode, after);
    } else if (inUse(inode)) {
      update.batch().put(Keys.orphan(inode.ino()), MARK);
      update.set(inode, after);
    } else {
      discard(update, inode, after);
    }
  }

  private static boolean inUse(Inode inode) {
    return inode.holds() > 0 || (inode.type() == FileType.REGULAR && !inode.io().idle());
  }

  /** Someone stopped using an inode, whose lock the caller holds: removes it if it is an orphan. */
  void afterUse(Inode inode) {
    if (!inode.state().unlinked() || inode.gone() || inUse(inode)) {
      return;
    }
    try {
      removeOrphan(inode, Blocking.FORBIDDEN);
    } catch (WouldBlock e) {
      core.config().background().execute(() -> removeUnused(inode));
    }
  }

  private void removeUnused(Inode inode) {
    inode.lock(Blocking.ALLOWED);
    try {
      if (!inode.gone() && !inUse(inode)) {
        removeOrphan(inode, Blocking.ALLOWED);
      }
    } finally {
      inode.unlock();
    }
  }

  private void removeOrphan(Inode inode, Blocking blocking) {
    Update update = new Update(core, new Operation(Credentials.ROOT, blocking));
    update.batch().delete(Keys.orphan(inode.ino())).essential();
    discard(update, inode, inode.state());
    update.apply();
  }

  private void discard(Update update, Inode inode, InodeState last) {
    if (inode.type() == FileType.REGULAR && (!inode.fresh() || last.layout().sparse())) {
      give(update, false, inode.ino(), last.layout(), last.attributes().size());
    }
    if (last.xattrBytes() > 0) {
      ExtendedAttributes.removeAll(update, core.store(), inode.ino());
    }
    if (inode.type() == FileType.REGULAR) {
      Sizes.forgetRedo(update, inode, true);
    }
    update.delete(inode, last);
    update.then(_ -> core.dirty().remove(inode));
  }

  /** Gives up chunks of a file whose size was {@code size}; of a cut file only those beyond. */
  void give(Update update, boolean cut, long ino, FileLayout layout, long size) {
    int chunks = layout.chunks(size);
    Tier tier = layout.tier();
    if (cut) {
      give(update, Garbage.cut(ino, layout.generation(), chunks));
      return;
    }
    if (tier.hot() == 0) {
      give(update, Garbage.whole(ino, layout.generation(), chunks));
    } else {
      give(update, Garbage.chunks(ino, tier.hot(), chunks));
    }
    if (tier.hot() != 0 && layout.sparse()) {
      give(update, Garbage.whole(ino, layout.generation(), 0)); // The maps.
    }
    if (tier.isCold()) {
      give(update, Garbage.cold(tier.storageClass(), ino, tier.cold(), 0, tier.end()));
    }
  }

  /** Gives up chunks once {@code update} is durable. */
  void give(Update update, Garbage garbage) {
    long number = nextNumber.getAndIncrement();
    update.batch().put(Keys.garbage(number), garbage.encode());
    update.then(sequence -> core.whenDurable(sequence, () -> start(number, garbage)));
  }

  /**
   * Remembers chunks that are about to be written, to be removed if nothing else becomes of them.
   * Durable on return.
   *
   * @return the record's number: whoever publishes the chunks deletes it with the same batch
   */
  long intend(Garbage garbage) {
    long number = nextNumber.getAndIncrement();
    Batch batch = new Batch().put(Keys.garbage(number), garbage.encode());
    core.store().awaitDurable(core.store().apply(batch, Blocking.ALLOWED));
    return number;
  }

  /** What was intended has failed: its chunks go, in the background. */
  void abandon(long number, Garbage garbage) {
    core.config().background().execute(() -> start(number, garbage));
  }

  /** Tries again what a place refused that was away. */
  void retry() {
    List.copyOf(waiting.entrySet())
        .forEach(each -> {
          if (waiting.remove(each.getKey(), each.getValue())) {
            abandon(each.getKey(), each.getValue());
          }
        });
  }

  /** Resumes what a crash or a close interrupted. Nobody uses the file system yet. */
  void resume() {
    long last = -1;
    try (Entries all =
        core.store().scan(Keys.first(Keys.GARBAGE), Keys.end(Keys.GARBAGE), Blocking.ALLOWED)) {
      while (all.next()) {
        long number = Keys.number(all.key());
        Garbage garbage = Garbage.decode(all.value());
        core.config().background().execute(() -> start(number, garbage));
        last = number;
      }
    }
    nextNumber.set(last + 1);
    for (long ino : orphans()) {
      Inode inode = core.table().obtain(ino);
      inode.lock(Blocking.ALLOWED);
      try {
        byte[] stored = core.store().get(Keys.inode(ino), Blocking.ALLOWED).orElseThrow();
        inode.publish(InodeCodec.decode(ino, stored, core.store().appliedSequence()));
        removeOrphan(inode, Blocking.ALLOWED);
      } finally {
        inode.unlock();
      }
    }
  }

  private List<Long> orphans() {
    List<Long> found = new ArrayList<>();
    try (Entries all =
        core.store().scan(Keys.first(Keys.ORPHAN), Keys.end(Keys.ORPHAN), Blocking.ALLOWED)) {
      while (all.next()) {
        found.add(Keys.number(all.key()));
      }
    }
    return found;
  }

  private void start(long number, Garbage garbage) {
    switch (garbage.kind()) {
      case CUT -> cutStep(number, garbage);
      case WHOLE, CHUNKS, COLD -> {
        if (!deferred(() -> remove(number, garbage))) {
          remove(number, garbage);
        }
      }
    }
  }

  private void remove(long number, Garbage garbage) {
    if (garbage.kind() == Garbage.Kind.COLD) {
      removeCold(number, garbage);
    } else {
      removeStep(number, garbage, 0);
    }
  }

  /** Contents that lose their file from now on stay until {@link #unpin}. Counted. */
  void pin() {
    synchronized (deferred) {
      pins++;
    }
  }

  void unpin() {
    synchronized (deferred) {
      pins--;
      if (pins == 0) {
        deferred.forEach(core.config().background()::execute);
        deferred.clear();
      }
    }
  }

  private boolean deferred(Runnable work) {
    synchronized (deferred) {
      if (pins > 0) {
        deferred.add(work);
      }
      return pins > 0;
    }
  }

  private void removeStep(long number, Garbage garbage, int from) {
    int end = Math.min(garbage.end(), from + Limits.RECLAIM_STEP_CHUNKS);
    for (int index = from; index < end; index++) {
      Core.await(core.chunks().remove(new ChunkId(garbage.ino(), garbage.generation(), index)));
    }
    if (end < garbage.end()) {
      core.config().background().execute(() -> removeStep(number, garbage, end));
    } else if (garbage.kind() == Garbage.Kind.WHOLE) {
      removeMaps(number, garbage);
    } else {
      core.store().apply(new Batch().delete(Keys.garbage(number)), Blocking.ALLOWED);
    }
  }

  private void removeCold(long number, Garbage garbage) {
    try {
      if (removeColdStep(number, garbage)) {
        return;
      }
    } catch (StoreFault e) {
      waiting.put(number, garbage);
      log.atWarn()
          .addKeyValue("class", garbage.storageClass().text())
          .addKeyValue("reason", e.getMessage())
          .log("Chunks in a cold place could not be removed; tried again later");
      return;
    }
    Garbage rest =
        Garbage.cold(
            garbage.storageClass(),
            garbage.ino(),
            garbage.generation(),
            garbage.from() + Limits.RECLAIM_STEP_CHUNKS,
            garbage.end());
    core.config().background().execute(() -> removeCold(number, rest));
  }

  /** Removes some chunks of a cold place, and their exceptions; true if none is left. */
  private boolean removeColdStep(long number, Garbage garbage) {
    ChunkStore place = core.tiers().place(garbage.storageClass());
    int end = Math.min(garbage.end(), garbage.from() + Limits.RECLAIM_STEP_CHUNKS);
    long ino = garbage.ino();
    for (int index = garbage.from(); index < end; index++) {
      Core.await(place.remove(new ChunkId(ino, garbage.generation(), index)));
    }
    Batch batch = new Batch();
    byte[] first = Keys.exception(ino, garbage.generation(), garbage.from());
    byte[] last = Keys.exception(ino, garbage.generation(), end);
    try (Entries exceptions = core.store().scan(first, last, Blocking.ALLOWED)) {
      while (exceptions.next()) {
        int moved = ColdChunks.generation(exceptions.value());
        if (moved != ColdChunks.IN_STANDARD) {
          int index = Keys.index(exceptions.key());
          Core.await(place.remove(new ChunkId(ino, moved, index)));
        }
        batch.delete(exceptions.key());
      }
    }
    boolean all = end == garbage.end();
    if (all) {
      batch.delete(Keys.garbage(number));
    }
    if (batch.changes() > 0) {
      core.store().apply(batch, Blocking.ALLOWED);
    }
    return all;
  }

  private void removeMaps(long number, Garbage garbage) {
    Batch batch = new Batch();
    byte[] first = Keys.map(garbage.ino(), garbage.generation(), 0);
    byte[] last = Keys.map(garbage.ino(), garbage.generation() + 1, 0);
    try (Entries maps = core.store().scan(first, last, Blocking.ALLOWED)) {
      while (batch.changes() < Limits.SHRINK_STEP_MAPS && maps.next()) {
        batch.delete(maps.key());
      }
    }
    boolean more = batch.changes() == Limits.SHRINK_STEP_MAPS;
    if (!more) {
      batch.delete(Keys.garbage(number));
    }
    core.store().apply(batch.essential(), Blocking.ALLOWED);
    if (more) {
      core.config().background().execute(() -> removeMaps(number, garbage));
    }
  }

  private void cutStep(long number, Garbage garbage) {
    Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    try {
      Inode file = core.load(operation, garbage.ino());
      file.lock(Blocking.ALLOWED);
      try {
        core.live(operation, file);
        if (file.state().layout().generation() == garbage.generation() && !cut(operation, file)) {
          core.config().background().execute(() -> cutStep(number, garbage));
          return;
        }
      } finally {
        file.unlock();
      }
    } catch (FsException e) {
      // The file is gone, and took care of all its chunks.
    }
    core.store().apply(new Batch().delete(Keys.garbage(number)).essential(), Blocking.ALLOWED);
  }

  /** Removes some of the chunks beyond the file's end; true if all are gone. */
  private boolean cut(Operation operation, Inode file) throws FsException {
    FileIo io = file.io();
    io.enterExclusive(Blocking.ALLOWED);
    try {
      FileLayout layout = core.live(operation, file).layout();
      int keep = FileLayout.chunksIn(size(file));
      int end = FileLayout.chunksIn(io.junkEnd);
      int from = Math.max(keep, end - Limits.RECLAIM_STEP_CHUNKS);
      long barrier = io.barrier;
      List<ChunkId> removed = new ArrayList<>();
      for (int index = from; index < end; index++) {
        removed.add(new ChunkId(file.ino(), layout.chunkGeneration(), index));
      }
      file.unlock(); // Nobody else moves the end meanwhile: this one works alone.
      try {
        core.store().awaitDurable(barrier);
        removed.forEach(chunk -> Core.await(core.chunks().remove(chunk)));
        Core.await(core.chunks().sync(removed));
      } finally {
        file.lock(Blocking.ALLOWED);
      }
      if (file.gone()) {
        return true;
      }
      io.junkEnd = Math.min(io.junkEnd, (long) from * ChunkStore.CHUNK_BYTES);
      if (from > keep) {
        return false;
      }
      lowerGrant(operation, file, io, keep);
      return true;
    } finally {
      io.leaveExclusive();
    }
  }

  private static long size(Inode file) {
    return Math.max(file.state().attributes().size(), file.stored().attributes().size());
  }

  private void lowerGrant(Operation operation, Inode file, FileIo io, int chunks) {
    long grant = Math.max(1, chunks) * (long) ChunkStore.CHUNK_BYTES;
    InodeState state = file.state();
    if (!file.dirty() && grant < state.layout().grant()) {
      Update update = new Update(core, operation);
      update.batch().essential();
      update.set(file, state.withGrant(grant));
      io.durableReach = Math.min(io.durableReach, grant);
      io.barrier = update.apply();
    }
  }
}
