package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;

/** Moves the ends of files: truncation, extension, and cutting junk beyond an end. */
final class Sizes {
  private final Core core;

  Sizes(Core core) {
    this.core = core;
  }

  /** EINVAL or EFBIG for what is no size. */
  static void check(long size) throws FsException {
    if (size < 0) {
      throw new FsException(Errno.EINVAL);
    }
    if (size > Limits.FILE_BYTES) {
      throw new FsException(Errno.EFBIG);
    }
  }

  /** A new, empty file with another size. */
  InodeState grown(InodeState file, long size) {
    if (size == 0) {
      return file;
    }
    return size <= Limits.INLINE_BYTES
        ? file.withContents(size, file.layout(), new byte[(int) size])
        : file.withContents(size, file.layout().inChunks().sparse(0, 0), InodeState.NO_DATA);
  }

  /**
   * Does what must be done on chunks before {@code file} may get {@code size}. The caller holds the
   * lock, which is let go for I/O, and works on the chunks alone.
   */
  void prepare(Inode file, long size, Blocking blocking) {
    FileIo io = file.io();
    InodeState state = file.state();
    if (size == 0 || (state.layout().inline() && size <= Limits.INLINE_BYTES)) {
      return;
    }
    long old = state.attributes().size();
    raiseTail(file, state, size, blocking);
    boolean leaves = state.layout().inline() && old > 0;
    boolean cuts = size > old && io.junkEnd > old;
    InodeState stored = file.stored();
    boolean syncs =
        io.hasDirtyChunks()
            && (stored.layout().inline() || stored.attributes().size() < Math.min(size, old));
    if (!leaves && !cuts && !syncs && io.redo().isEmpty()) {
      return;
    }
    if (blocking == Blocking.FORBIDDEN) {
      throw WouldBlock.INSTANCE;
    }
    long barrier = io.barrier;
    file.unlock();
    try {
      core.store().awaitDurable(barrier);
      if (leaves) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(state.data().length).put(state.data());
        Core.await(core.chunks().write(chunk(file, state, 0), 0, bytes.flip()));
      }
    } finally {
      file.lock(Blocking.ALLOWED);
    }
    if (leaves) {
      file.fresh(false);
      io.dirtyChunk(0);
    }
    if (cuts) {
      cutJunk(file);
    }
    sync(file);
  }

  /**
   * Sees to it that no redo record is needed. The caller holds the lock, which is let go for I/O,
   * and works on the chunks alone.
   */
  void syncRedo(Inode file, Blocking blocking) {
    if (file.io().redo().isEmpty()) {
      return;
    }
    if (blocking == Blocking.FORBIDDEN) {
      throw WouldBlock.INSTANCE;
    }
    sync(file);
  }

  /** Removes redo records in {@code update}: their chunks are synced, or given up by it. */
  static void forgetRedo(Update update, Inode file, boolean givenUp) {
    FileIo io = file.io();
    Invariant.check(
        givenUp || io.redo().isEmpty() || !io.hasDirtyChunks(),
        "redo records stay until their chunks are synced");
    io.redo().forget(update, file.ino());
  }

  /** A chunk that is cut in its middle must be where it can be cut. */
  private void raiseTail(Inode file, InodeState state, long size, Blocking blocking) {
    int tail = (int) (size / ChunkStore.CHUNK_BYTES);
    boolean cuts = size < state.attributes().size() && size % ChunkStore.CHUNK_BYTES != 0;
    if (!state.layout().tier().isCold()
        || !cuts
        || !core.coldChunks().any(file, tail, tail, blocking)) {
      return;
    }
    if (blocking == Blocking.FORBIDDEN) {
      throw WouldBlock.INSTANCE;
    }
    core.coldChunks().raise(file, tail, ColdChunks.Use.ALONE);
  }

  /** Syncs what awaits it. The caller holds the lock, which is let go meanwhile. */
  void sync(Inode file) {
    FileIo io = file.io();
    long version = io.version();
    List<ChunkId> dirty = io.dirtyChunks(file.ino(), file.state().layout().chunkGeneration());
    file.unlock();
    try {
      Core.await(core.chunks().sync(dirty));
    } finally {
      file.lock(Blocking.ALLOWED);
    }
    io.synced(version);
  }

  /** Cuts junk beyond the end. The caller holds the lock and works on the chunks alone. */
  void cut(Inode file) {
    FileIo io = file.io();
    if (io.junkEnd > file.state().attributes().size()) {
      long barrier = io.barrier;
      file.unlock();
      try {
        core.store().awaitDurable(barrier);
      } finally {
        file.lock(Blocking.ALLOWED);
      }
      cutJunk(file);
    }
  }

  /**
   * Cuts what is beyond the end, so that the end can move over it. The caller holds the lock, which
   * is let go for I/O, works on the chunks alone and has seen the barrier durable.
   */
  private void cutJunk(Inode file) {
    FileIo io = file.io();
    InodeState state = file.state();
    long size = state.attributes().size();
    int first = (int) (size / ChunkStore.CHUNK_BYTES);
    int keep = (int) (size % ChunkStore.CHUNK_BYTES);
    int end = FileLayout.chunksIn(io.junkEnd);
    file.unlock();
    try {
      for (int index = first; index < end; index++) {
        ChunkId chunk = chunk(file, state, index);
        boolean tail = index == first && keep > 0;
        Core.await(tail ? core.chunks().truncate(chunk, keep) : core.chunks().remove(chunk));
      }
    } finally {
      file.lock(Blocking.ALLOWED);
    }
    for (int index = first; index < end; index++) {
      io.dirtyChunk(index);
    }
    io.junkEnd = 0;
  }

  /**
   * Gives {@code file} a size in {@code update}; {@code next} is its state with other attributes
   * changed already. The chunks are prepared.
   */
  void set(Update update, Inode file, InodeState next, long size, Blocking blocking) {
    FileIo io = file.io();
    FileLayout layout = next.layout();
    long old = next.attributes().size();
    InodeState after;
    if (size == 0) {
      after = emptied(update, file, next);
    } else if (layout.inline() && size <= Limits.INLINE_BYTES) {
      after = next.withContents(size, layout, Arrays.copyOf(next.data(), (int) size));
    } else if (size < old) {
      after = next.withContents(size, shrunk(update, file, next, size, blocking), next.data());
    } else {
      FileLayout inChunks = layout.inChunks();
      after = next.withContents(size, extended(file, inChunks, old, size), InodeState.NO_DATA);
      if (io.maps != null) {
        io.maps.store(update, after.layout());
      }
    }
    forgetRedo(update, file, size == 0);
    update.setContents(file, after);
    update.then(sequence -> {
      io.barrier = sequence;
      if (size < old) {
        io.durableReach = 0;
        io.newEpoch();
      }
      if (!io.dirty()) {
        core.dirty().remove(file);
      }
    });
  }

  private InodeState emptied(Update update, Inode file, InodeState next) {
    FileLayout layout = next.layout();
    if (layout.inline() && file.fresh()) {
      return next.withContents(0, layout, InodeState.NO_DATA);
    }
    core.reclaimer().give(update, false, file.ino(), layout, next.attributes().size());
    FileIo io = file.io();
    update.then(_ -> {
      io.junkEnd = 0; // No chunk of the new generation is written before it is durable.
      io.maps = null;
      io.forgetDirtyChunks();
      file.fresh(true);
    });
    FileLayout empty = FileLayout.empty(layout.generation() + 1);
    return core.tiers().written(next.withContents(0, empty, InodeState.NO_DATA));
  }

  private FileLayout shrunk(
      Update update, Inode file, InodeState next, long size, Blocking blocking) {
    FileIo io = file.io();
    long old = next.attributes().size();
    FileLayout layout = next.layout().grantedTo(old); // What is cut off there is junk now.
    FileLayout after =
        layout.sparse() ? cutMaps(update, file, layout, size, old, blocking) : layout;
    int keep = FileLayout.chunksIn(size);
    if (layout.tier().isCold() && keep < layout.tier().end()) {
      after = after.withTier(cutCold(update, file.ino(), layout.tier(), keep, blocking));
    }
    if (FileLayout.chunksIn(Math.max(old, io.junkEnd)) > keep) {
      core.reclaimer().give(update, true, file.ino(), layout, old);
    }
    boolean sparse = after.sparse();
    update.then(_ -> {
      io.junkEnd = Math.max(io.junkEnd, old);
      io.forgetDirtyChunksFrom(keep);
      if (!sparse) {
        io.maps = null;
      }
    });
    return after;
  }

  /** Gives up chunks in a cold place from {@code keep} on. */
  private Tier cutCold(Update update, long ino, Tier tier, int keep, Blocking blocking) {
    int warm = 0;
    if (tier.mixed()) {
      byte[] first = Keys.exception(ino, tier.cold(), keep);
      byte[] last = Keys.exception(ino, tier.cold(), tier.end());
      try (Entries gone = core.store().scan(first, last, blocking)) {
        while (gone.next()) {
          warm += ColdChunks.generation(gone.value()) == ColdChunks.IN_STANDARD ? 1 : 0;
        }
      }
    }
    core.reclaimer()
        .give(update, Garbage.cold(tier.storageClass(), ino, tier.cold(), keep, tier.end()));
    return tier.cut(keep, tier.warm() - warm);
  }

  private FileLayout cutMaps(
      Update update, Inode file, FileLayout layout, long size, long old, Blocking blocking) {
    BlockMaps maps = maps(file, layout).copy(); // The update may have to be given up.
    update.then(_ -> file.io().maps = maps);
    FileLayout after = cut(update, maps, layout, size, old, blocking);
    maps.store(update, after);
    return after;
  }

  private FileLayout cut(
      Update update, BlockMaps maps, FileLayout layout, long size, long old, Blocking blocking) {
    int index = (int) ((size - 1) / ChunkStore.CHUNK_BYTES);
    int blocks = (int) FileLayout.blocksIn(size - (long) index * ChunkStore.CHUNK_BYTES);
    int dense = layout.denseChunks();
    int end = layout.chunks(old) + 1;
    maps.load(core.store(), index, index, dense, blocking);
    long gone = maps.cutAfter(core.store(), update.batch(), index, dense, end, blocking);
    long left = layout.blocks() - gone;
    if (index >= dense) {
      return layout.sparse(dense, left - maps.clear(index, dense, blocks, FileLayout.CHUNK_BLOCKS));
    }
    left += FileLayout.CHUNK_BLOCKS - maps.written(index, dense);
    maps.clear(index, dense, blocks, FileLayout.CHUNK_BLOCKS);
    int kept = maps.written(index, dense);
    if (left == 0 && kept == blocks) {
      maps.drop(update.batch(), index);
      return layout.dense();
    }
    if (kept == FileLayout.CHUNK_BLOCKS) {
      return layout.sparse(index + 1, left);
    }
    if (kept == 0) {
      maps.drop(update.batch(), index);
    }
    return layout.sparse(index, left + kept);
  }

  /** The layout of a file in chunks that ends further on, nothing being written there. */
  FileLayout extended(Inode file, FileLayout layout, long old, long size) {
    if (layout.sparse() || FileLayout.blocksIn(size) <= FileLayout.blocksIn(old)) {
      return layout;
    }
    return withHoles(file, layout, old);
  }

  /** The layout of a file of which every block below its size was written, once it has holes. */
  FileLayout withHoles(Inode file, FileLayout layout, long old) {
    int dense = (int) (FileLayout.roundUp(old) / ChunkStore.CHUNK_BYTES);
    int rest = (int) FileLayout.blocksIn(old - (long) dense * ChunkStore.CHUNK_BYTES);
    BlockMaps maps = new BlockMaps(file.ino(), layout.generation(), true);
    file.io().maps = maps;
    maps.mark(dense, dense, 0, rest);
    return layout.sparse(dense, rest);
  }

  /** The maps of a sparse file. */
  static BlockMaps maps(Inode file, FileLayout layout) {
    FileIo io = file.io();
    BlockMaps maps = io.maps;
    if (maps == null) {
      maps = new BlockMaps(file.ino(), layout.generation(), false);
      io.maps = maps;
    }
    return maps;
  }

  private static ChunkId chunk(Inode file, InodeState state, int index) {
    return new ChunkId(file.ino(), state.layout().chunkGeneration(), index);
  }
}
