package tidefs.fs;

import java.nio.ByteBuffer;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/**
 * Finds holes of files, and makes them.
 *
 * <p>A hole is punched bytes first: chunks are zeroed or removed, and synced, before the batch that
 * tells of the hole. After a crash in between the bytes are zeros that still count as written. So a
 * hole that is known reads as zeros for certain.
 */
final class Holes {
  private static final int ZEROS_BYTES = 256 << 10;

  private final Core core;
  private final Sizes sizes;

  Holes(Core core, Sizes sizes) {
    this.core = core;
    this.sizes = sizes;
  }

  /**
   * The bytes from {@code at} to {@code end} of a file of {@code size} bytes; all in its chunks.
   */
  private record Range(long at, long end, long size) {
    int firstChunk() {
      return (int) (at / ChunkStore.CHUNK_BYTES);
    }

    int lastChunk() {
      return (int) ((end - 1) / ChunkStore.CHUNK_BYTES);
    }

    /** Where it begins in chunk {@code index}. */
    int from(int index) {
      return (int) Math.max(0, at - (long) index * ChunkStore.CHUNK_BYTES);
    }

    /** Where it ends in chunk {@code index}: at the chunk's end if it reaches the file's. */
    int to(int index) {
      if (end == size && index == lastChunk()) {
        return ChunkStore.CHUNK_BYTES;
      }
      return (int) Math.min(ChunkStore.CHUNK_BYTES, end - (long) index * ChunkStore.CHUNK_BYTES);
    }
  }

  long find(Operation operation, Inode file, long offset, boolean data) throws FsException {
    file.lock(operation.blocking());
    try {
      InodeState state = core.live(operation, file);
      Contents.checkRegular(state);
      long size = state.attributes().size();
      if (offset < 0 || offset >= size) {
        throw new FsException(Errno.ENXIO);
      }
      FileLayout layout = state.layout();
      if (!layout.sparse()) {
        return data ? offset : size;
      }
      long block = offset / Limits.BLOCK_BYTES;
      long found =
          Sizes.maps(file, layout)
              .find(
                  core.store(),
                  block,
                  FileLayout.blocksIn(size),
                  layout.denseChunks(),
                  data,
                  operation.blocking());
      return found == block ? offset : Math.min(found * Limits.BLOCK_BYTES, size);
    } finally {
      file.unlock();
    }
  }

  void allocate(Operation operation, Inode file, long offset, long length) throws FsException {
    if (length <= 0 || offset < 0) {
      throw new FsException(Errno.EINVAL);
    }
    if (length > Limits.FILE_BYTES || offset > Limits.FILE_BYTES - length) {
      throw new FsException(Errno.EFBIG);
    }
    long end = offset + length;
    file.lock(operation.blocking());
    try {
      FileIo io = exclusive(operation, file);
      try {
        if (core.live(operation, file).attributes().size() >= end) {
          return;
        }
        sizes.prepare(file, end, operation.blocking());
        InodeState next = core.written(operation.credentials(), core.live(operation, file));
        Update update = new Update(core, operation);
        sizes.set(update, file, next, end, operation.blocking());
        update.apply();
        core.table().weigh(file);
      } finally {
        io.leaveExclusive();
        core.reclaimer().afterUse(file);
      }
    } finally {
      file.unlock();
    }
  }

  private FileIo exclusive(Operation operation, Inode file) throws FsException {
    Contents.checkRegular(core.live(operation, file));
    FileIo io = file.io();
    io.enterExclusive(operation.blocking());
    return io;
  }

  void punch(Operation operation, Inode file, long offset, long length) throws FsException {
    if (length <= 0 || offset < 0) {
      throw new FsException(Errno.EINVAL);
    }
    long end = offset > Long.MAX_VALUE - length ? Long.MAX_VALUE : offset + length;
    long at = offset;
    while (at < end) {
      at = punchStep(operation, file, at, end);
    }
  }

  /** Punches some of it; returns where to go on. */
  private long punchStep(Operation operation, Inode file, long at, long end) throws FsException {
    file.lock(operation.blocking());
    try {
      FileIo io = exclusive(operation, file);
      try {
        InodeState state = core.live(operation, file);
        long size = state.attributes().size();
        if (at >= size) {
          return end;
        }
        long step = at / ChunkStore.CHUNK_BYTES + Limits.PUNCH_STEP_CHUNKS;
        long stop = Math.min(Math.min(end, size), step * ChunkStore.CHUNK_BYTES);
        if (state.layout().inline()) {
          zeroInline(operation, file, state, (int) at, (int) stop);
        } else if (operation.blocking() == Blocking.FORBIDDEN) {
          throw WouldBlock.INSTANCE;
        } else {
          punchChunks(operation, file, new Range(at, stop, size));
        }
        return stop == size ? end : stop;
      } finally {
        io.leaveExclusive();
        core.reclaimer().afterUse(file);
      }
    } finally {
      file.unlock();
    }
  }

  private void zeroInline(Operation operation, Inode file, InodeState state, int at, int end) {
    byte[] data = state.data().clone();
    java.util.Arrays.fill(data, at, end, (byte) 0);
    InodeState next = core.written(operation.credentials(), state);
    store(new Update(core, operation), file, next.withContents(data.length, next.layout(), data));
  }

  private void store(Update update, Inode file, InodeState next) {
    update.setContents(file, next);
    update.apply();
    core.dirty().remove(file);
  }

  /** The caller holds the lock, which is let go for I/O, and works on the chunks alone. */
  private void punchChunks(Operation operation, Inode file, Range range) throws FsException {
    FileIo io = file.io();
    core.coldChunks().raise(file, range.firstChunk(), range.lastChunk(), ColdChunks.Use.ALONE);
    FileLayout layout = core.live(operation, file).layout();
    int dense = layout.denseChunks();
    if (layout.sparse()) {
      Sizes.maps(file, layout)
          .load(core.store(), range.firstChunk(), range.lastChunk(), dense, Blocking.ALLOWED);
    }
    for (int index = range.firstChunk(); index <= range.lastChunk(); index++) {
      boolean empty = layout.sparse() && Sizes.maps(file, layout).written(index, dense) == 0;
      ChunkId chunk = new ChunkId(file.ino(), layout.chunkGeneration(), index);
      long barrier = io.barrier;
      file.unlock();
      try {
        core.store().awaitDurable(barrier);
        zero(
            chunk, empty ? 0 : range.from(index), empty ? ChunkStore.CHUNK_BYTES : range.to(index));
      } finally {
        file.lock(Blocking.ALLOWED);
      }
      io.dirtyChunk(index);
    }
    sizes.sync(file);
    InodeState next = core.written(operation.credentials(), core.live(operation, file));
    Update update = new Update(core, operation);
    FileLayout after = cleared(update, file, next.layout(), range);
    Sizes.forgetRedo(update, file, false);
    store(update, file, next.withContents(range.size(), after, InodeState.NO_DATA));
    if (io.maps != null) {
      io.maps.trim();
    }
  }

  private void zero(ChunkId chunk, int from, int to) {
    if (to == ChunkStore.CHUNK_BYTES) {
      Core.await(from == 0 ? core.chunks().remove(chunk) : core.chunks().truncate(chunk, from));
      return;
    }
    ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(to - from, ZEROS_BYTES));
    for (int at = from; at < to; at += zeros.remaining()) {
      zeros.limit(Math.min(zeros.capacity(), to - at));
      Core.await(core.chunks().write(chunk, at, zeros));
    }
  }

  /** The layout once the whole blocks of {@code range} are holes. */
  private FileLayout cleared(Update update, Inode file, FileLayout layout, Range range) {
    boolean toEnd = range.end() == range.size();
    long first = FileLayout.blocksIn(range.at());
    long end = toEnd ? FileLayout.blocksIn(range.end()) : range.end() / Limits.BLOCK_BYTES;
    if (first >= end) {
      BlockMaps known = file.io().maps;
      if (known != null) {
        known.store(update, layout);
      }
      return layout;
    }
    FileLayout before = layout.sparse() ? layout : sizes.withHoles(file, layout, range.size());
    BlockMaps maps = Sizes.maps(file, before).copy(); // The update may have to be given up.
    update.then(_ -> file.io().maps = maps);
    int dense = before.denseChunks();
    long blocks = before.blocks();
    for (long block = first; block < end; ) {
      int index = (int) (block / FileLayout.CHUNK_BLOCKS);
      long start = (long) index * FileLayout.CHUNK_BLOCKS;
      long stop = Math.min(end, start + FileLayout.CHUNK_BLOCKS);
      blocks -= maps.clear(index, dense, (int) (block - start), (int) (stop - start));
      block = stop;
    }
    FileLayout after = before.sparse(dense, blocks);
    maps.store(update, after);
    return after;
  }
}
