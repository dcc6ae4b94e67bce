package tidefs.fs;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/** Makes unstable writes durable: first the bytes, then the inode that tells how many there are. */
final class Commits {
  private static final Logger log = LoggerFactory.getLogger(Commits.class);

  private final Core core;

  /** What a commit began with: how far the contents were, and how large. */
  private record Mark(long version, int epoch, long size) {}

  Commits(Core core) {
    this.core = core;
  }

  /** Makes what was written to {@code file} so far durable. Never throws {@link WouldBlock}. */
  CompletableFuture<Void> commit(Operation operation, Inode file) {
    Mark mark;
    List<ChunkId> chunks;
    file.lock(Blocking.ALLOWED); // Held for microseconds, or by someone who is done soon.
    try {
      InodeState state = file.state();
      operation.dependOn(state.sequence());
      if (file.gone()) {
        core.dirty().remove(file);
        return ChunkStore.DONE;
      }
      FileIo io = file.io();
      operation.dependOn(io.storedSequence());
      operation.dependOn(io.redo().removal());
      if (!file.dirty()) {
        core.dirty().remove(file);
        return ChunkStore.DONE;
      }
      mark = new Mark(io.version(), io.epoch(), state.attributes().size());
      recordEarly(operation, file, io, mark);
      chunks = io.dirtyChunks(file.ino(), state.layout().chunkGeneration());
    } finally {
      file.unlock();
    }
    CompletableFuture<Void> synced =
        chunks.isEmpty() ? ChunkStore.DONE : core.chunks().sync(chunks);
    if (synced.isDone() && !synced.isCompletedExceptionally()) {
      return record(operation, file, mark);
    }
    return synced.thenCompose(_ -> record(operation, file, mark));
  }

  /**
   * Records the contents of {@code mark} before its bytes are durable, where that is harmless: the
   * store has the size and the layout already, and only times change. Then the sync of the bytes
   * and that of the journal go on side by side. The caller holds the lock.
   */
  private void recordEarly(Operation operation, Inode file, FileIo io, Mark mark) {
    InodeState state = file.state();
    InodeState stored = io.stored(state);
    if (io.version() == io.storedVersion()
        || !io.hasDirtyChunks()
        || state.layout().inline()
        || state.layout().sparse()
        || !state.layout().equals(stored.layout())
        || state.attributes().size() != stored.attributes().size()) {
      return;
    }
    Operation inner = new Operation(Credentials.ROOT, Blocking.FORBIDDEN);
    Update update = new Update(core, inner);
    update.commit(file, state, state, mark.version());
    try {
      update.apply();
    } catch (WouldBlock e) {
      return; // Later, then, when the bytes are durable.
    }
    operation.dependOn(io.storedSequence());
  }

  /** Records the contents of {@code mark}, whose bytes are durable. */
  private CompletableFuture<Void> record(Operation operation, Inode file, Mark mark) {
    try {
      return record(operation, file, mark, Blocking.FORBIDDEN);
    } catch (WouldBlock e) {
      return CompletableFuture.runAsync(() -> {}, core.config().background())
          .thenCompose(_ -> record(operation, file, mark, Blocking.ALLOWED));
    }
  }

  private CompletableFuture<Void> record(
      Operation operation, Inode file, Mark mark, Blocking blocking) {
    file.lock(Blocking.ALLOWED);
    try {
      if (file.gone()) {
        operation.dependOn(file.state().sequence());
        return ChunkStore.DONE;
      }
      FileIo io = file.io();
      if (io.epoch() == mark.epoch()) {
        Operation inner = new Operation(Credentials.ROOT, blocking);
        recordLocked(inner, file, io, mark);
        operation.dependOn(inner.dependsOn());
        operation.dependOn(file.state().sequence());
        operation.dependOn(io.storedSequence());
        operation.dependOn(io.redo().removal()); // Another commit may have removed the records.
        return ChunkStore.DONE;
      }
    } finally {
      file.unlock();
    }
    return commit(operation, file); // The file was cut meanwhile: what was synced says little now.
  }

  private void recordLocked(Operation operation, Inode file, FileIo io, Mark mark) {
    if (mark.version() > io.storedVersion()) {
      InodeState state = file.state();
      Update update = new Update(core, operation);
      BlockMaps maps = io.maps == null ? null : io.maps.copy(); // It may have to be given up.
      FileLayout layout = state.layout();
      if (layout.sparse() && maps != null) {
        layout = healed(update, maps, state);
        maps.store(update, layout);
        update.then(_ -> io.maps = maps);
      }
      long size = state.attributes().size();
      InodeState next = state.withContents(size, layout, state.data());
      InodeState stored = state.withContents(mark.size(), layout, state.data());
      update.commit(file, next, mark.version() == io.version() ? next : stored, mark.version());
      io.redo().settle(update, file.ino(), mark.version());
      update.apply();
      if (maps != null && io.idle()) {
        trimMaps(io, maps, layout);
      }
    }
    io.synced(mark.version());
    if (io.redo().hasUpTo(mark.version())) { // The state was recorded early, or with the records.
      Update update = new Update(core, operation);
      io.redo().settle(update, file.ino(), mark.version());
      update.apply();
    }
    if (!io.dirty()) {
      core.dirty().remove(file);
    }
  }

  private static void trimMaps(FileIo io, BlockMaps maps, FileLayout layout) {
    if (layout.sparse()) {
      maps.trim();
    } else {
      io.maps = null;
    }
  }

  /** The layout of a sparse file after maps that are full have gone; dense if none is left. */
  static FileLayout healed(Update update, BlockMaps maps, InodeState state) {
    FileLayout layout = state.layout();
    int dense = layout.denseChunks();
    long blocks = layout.blocks();
    while (maps.count(dense) == FileLayout.CHUNK_BLOCKS) {
      maps.drop(update.batch(), dense);
      blocks -= FileLayout.CHUNK_BLOCKS;
      dense++;
    }
    long rest = state.attributes().size() - (long) dense * ChunkStore.CHUNK_BYTES;
    int last = (int) Math.min(FileLayout.blocksIn(Math.max(rest, 0)), FileLayout.CHUNK_BLOCKS);
    boolean whole = rest <= ChunkStore.CHUNK_BYTES && blocks == last && maps.covers(dense, last);
    if (whole) {
      maps.drop(update.batch(), dense);
      return layout.dense();
    }
    return layout.sparse(dense, blocks);
  }

  /** Commits in the background what has been dirty since {@code before} (monotonic). */
  void flushOlder(long before) {
    if (core.store().isFull()) {
      return; // They would be refused. What is dirty stays so until there is space.
    }
    for (Inode each : core.dirty().all()) {
      if (each.dirtySince() - before <= 0) {
        flush(each);
      }
    }
  }

  /** Commits a file in the background. */
  void flush(Inode file) {
    core.config().background().execute(() -> flushNow(file));
  }

  private void flushNow(Inode file) {
    var _ =
        commit(new Operation(Credentials.ROOT, Blocking.ALLOWED), file)
            .exceptionally(failure -> {
              log.atError().setCause(failure).log("Unstable writes could not be committed");
              return null;
            });
  }

  /** Commits everything and waits. */
  void flushAll() {
    for (Inode each : core.dirty().all()) {
      try {
        commit(new Operation(Credentials.ROOT, Blocking.ALLOWED), each).join();
      } catch (CompletionException e) {
        throw Core.fault(e.getCause());
      }
    }
  }

  /** What a failed write tells its caller. */
  static @Nullable Throwable reason(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }
}
