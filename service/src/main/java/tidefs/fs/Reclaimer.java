package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.Batch;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;

/**
 * Takes away what has lost its last name, and contents that were cut off.
 *
 * <p>An inode that is held when its last name goes becomes an orphan and is removed when the last
 * holder leaves, or when the file system is next opened. Chunks go in the background in bounded
 * steps, and only once the change that gave them up is durable; a garbage record, written with that
 * change, remembers them until they are gone.
 */
final class Reclaimer {
  private static final byte FORMAT = 1;
  private static final byte[] MARK = {FORMAT};

  private final Core core;
  private final AtomicLong nextNumber = new AtomicLong();
  private final Deque<Runnable> deferred = new ArrayDeque<>();
  private int pins;

  /**
   * Chunks to be removed.
   *
   * @param cut true if a living file was cut, and keeps what its size covers
   */
  record Garbage(boolean cut, long ino, int generation, int end) {
    byte[] encode() {
      return ByteBuffer.allocate(18)
          .put(FORMAT)
          .put((byte) (cut ? 1 : 0))
          .putLong(ino)
          .putInt(generation)
          .putInt(end)
          .array();
    }

    static Garbage decode(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
      return new Garbage(in.get() == 1, in.getLong(), in.getInt(), in.getInt());
    }
  }

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
    Garbage garbage = new Garbage(cut, ino, layout.generation(), layout.chunks(size));
    long number = nextNumber.getAndIncrement();
    update.batch().put(Keys.garbage(number), garbage.encode());
    update.then(sequence -> core.whenDurable(sequence, () -> start(number, garbage)));
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
    if (garbage.cut()) {
      cutStep(number, garbage);
    } else if (!deferred(() -> removeStep(number, garbage, 0))) {
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
    } else {
      removeMaps(number, garbage);
    }
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
        removed.add(new ChunkId(file.ino(), layout.generation(), index));
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
