package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.base.Blocking;
import tidefs.store.Batch;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;

/**
 * Stable writes that cost one sync of the journal and none of a chunk.
 *
 * <p>The bytes go to the chunk, where everyone reads them, and in the same batch as the new state
 * of the inode into a redo record; so size, times and bytes become durable together, and the chunk
 * is synced later with many others. When a file system is opened, the records that are left are
 * written to the chunks again, in their order, before anybody uses it.
 *
 * <p><b>Why this is right.</b> A record may be replayed over bytes that are newer only if nobody
 * was told that those are durable. Four rules see to it. The state in memory and in the store are
 * the same when a record is written, so it never makes durable the size of an unstable write. The
 * write of the chunk and the record are made under the inode's lock, so records of one file follow
 * each other as their bytes did. Whoever syncs the chunks to make other bytes durable (a commit, a
 * larger stable write) removes the records that were there before the sync, and its answer waits
 * for that removal too, or for that of another who was first. Whatever moves the end of a file,
 * punches holes, or gives chunks up syncs them first, or gives up the records with them, and
 * removes the records in its own batch.
 */
final class RedoWrites {
  private static final int REMOVED_AT_ONCE = 4_096;

  private final Core core;
  private final Commits commits;
  private final AtomicLong lastOrder = new AtomicLong();

  RedoWrites(Core core, Commits commits) {
    this.core = core;
    this.commits = commits;
  }

  /**
   * Whether a write that was admitted can be made stable by a redo record: it is small, and leaves
   * no hole, and everything else about the file is in the store. The caller holds the lock.
   */
  boolean suits(Inode file, long offset, int count) {
    InodeState state = file.state();
    FileIo io = file.io();
    return count <= Limits.REDO_WRITE_BYTES
        && !state.layout().inline()
        && !state.layout().sparse()
        && offset <= state.attributes().size()
        && io.version() == io.storedVersion()
        && (file.dirty() || core.dirty().size() < core.config().dirtyInodes());
  }

  /** Records a write whose bytes are in the chunks. The caller has held the lock since before. */
  void record(Operation operation, Inode file, long offset, ByteBuffer source) {
    FileIo io = file.io();
    InodeState before = file.state();
    int count = source.remaining();
    long end = offset + count;
    long size = Math.max(before.attributes().size(), end);
    InodeState next =
        core.written(operation.credentials(), before)
            .withContents(size, before.layout(), InodeState.NO_DATA);
    long order = lastOrder.incrementAndGet();
    byte[] stored = Redo.Stored.encode(before.layout().chunkGeneration(), offset, source);
    boolean wasDirty = file.dirty();
    boolean recorded = false;
    io.raiseVersion();
    try {
      Update update = new Update(core, operation);
      update.batch().put(Keys.redo(file.ino(), order), stored);
      update.setContents(file, next);
      update.apply();
      recorded = true;
    } finally {
      if (!recorded) {
        io.lowerVersion();
        io.junkEnd = Math.max(io.junkEnd, end);
      }
    }
    io.redo().add(order, io.version(), count);
    int last = (int) ((end - 1) / ChunkStore.CHUNK_BYTES);
    for (int index = (int) (offset / ChunkStore.CHUNK_BYTES); index <= last; index++) {
      io.dirtyChunk(index);
    }
    if (!wasDirty) {
      file.dirtySince(core.config().clock().monotonicNanos());
      core.dirty().add(file);
    }
    if (io.redo().isDue()) {
      commits.flush(file);
    }
  }

  /** Writes what a crash left in records to the chunks. Nobody uses the file system yet. */
  void redo() {
    Set<ChunkId> written = new HashSet<>();
    try (Entries all =
        core.store().scan(Keys.first(Keys.REDO), Keys.end(Keys.REDO), Blocking.ALLOWED)) {
      while (all.next()) {
        redo(Keys.number(all.key()), Redo.Stored.decode(all.value()), written);
      }
    }
    if (written.isEmpty()) {
      return;
    }
    Core.await(core.chunks().sync(written));
    while (removeSome()) {}
    core.store().awaitDurable(core.store().appliedSequence());
  }

  private void redo(long ino, Redo.Stored record, Set<ChunkId> written) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(record.bytes().length).put(record.bytes()).flip();
    int done = 0;
    while (done < bytes.capacity()) {
      long offset = record.offset() + done;
      int at = (int) (offset % ChunkStore.CHUNK_BYTES);
      int count = Math.min(bytes.capacity() - done, ChunkStore.CHUNK_BYTES - at);
      ChunkId chunk =
          new ChunkId(ino, record.generation(), (int) (offset / ChunkStore.CHUNK_BYTES));
      Core.await(core.chunks().write(chunk, at, bytes.slice(done, count)));
      written.add(chunk);
      done += count;
    }
  }

  /** Removes some of all records; true if any were left. */
  private boolean removeSome() {
    Batch batch = new Batch();
    try (Entries all =
        core.store().scan(Keys.first(Keys.REDO), Keys.end(Keys.REDO), Blocking.ALLOWED)) {
      while (batch.changes() < REMOVED_AT_ONCE && all.next()) {
        batch.delete(all.key());
      }
    }
    if (batch.changes() == 0) {
      return false;
    }
    core.store().apply(batch, Blocking.ALLOWED);
    return true;
  }
}
