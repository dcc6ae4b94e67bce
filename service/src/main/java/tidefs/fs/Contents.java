package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tidefs.base.Blocking;
import tidefs.base.Invariant;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.StoreFullFault;

/** Reads and writes contents: in the inode while they are small, else in chunks. */
final class Contents {
  /** No need to wait: the writer is admitted. */
  private static final long ADMITTED = 0;

  /** Junk must be cut first. */
  private static final long CUT = -1;

  /** The end must be moved near first. */
  private static final long FAR = -2;

  /** The bytes are not on their way to the chunks. */
  private static final CompletableFuture<Void> NOT_BEGUN = new CompletableFuture<>();

  /** Chunks must be brought to the Standard place first. */
  private static final long COLD = -3;

  private static final ThreadLocal<ByteBuffer> SMALL =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Limits.INLINE_BYTES));

  private final Core core;
  private final Sizes sizes;
  private final Commits commits;
  private final RedoWrites redoWrites;

  Contents(Core core, Sizes sizes, Commits commits, RedoWrites redoWrites) {
    this.core = core;
    this.sizes = sizes;
    this.commits = commits;
    this.redoWrites = redoWrites;
  }

  static void checkRegular(InodeState state) throws FsException {
    switch (state.type()) {
      case REGULAR -> {}
      case DIRECTORY -> throw new FsException(Errno.EISDIR);
      case SYMLINK, FIFO, SOCKET, BLOCK, CHARACTER -> throw new FsException(Errno.ENOTREG);
    }
  }

  FileSystem.Extent extent(Operation operation, Inode file, long offset, int count)
      throws FsException {
    InodeState state = core.live(operation, file);
    checkRegular(state);
    long size = state.attributes().size();
    if (offset < 0 || offset >= size) {
      return new FileSystem.Extent(0, true); // Unsigned: a negative one lies past every file.
    }
    int bytes = (int) Math.min(size - offset, count);
    return new FileSystem.Extent(bytes, offset + bytes == size);
  }

  CompletableFuture<Void> read(Operation operation, Inode file, long offset, ByteBuffer target)
      throws FsException {
    InodeState state = core.live(operation, file);
    checkRegular(state);
    long size = state.attributes().size();
    long left = offset < 0 || offset >= size ? 0 : size - offset;
    int bytes = (int) Math.min(left, target.remaining());
    core.tiers().used(file, state);
    ColdChunks.zero(target, target.position() + bytes);
    if (bytes == 0) {
      return ChunkStore.DONE;
    }
    if (state.layout().inline()) {
      target.put(target.position(), state.data(), (int) offset, bytes);
      return ChunkStore.DONE;
    }
    CompletableFuture<Void> done =
        state.layout().tier().isCold()
            ? core.coldChunks().read(operation, file, state, offset, target, bytes)
            : transfer(file.ino(), state.layout().chunkGeneration(), offset, target, bytes, true);
    if (!done.isDone() || done.isCompletedExceptionally()) {
      return settled(operation, file, state, offset, target, done);
    }
    return state.layout().isWhere(file.state().layout())
        ? ChunkStore.DONE
        : read(operation, file, offset, target);
  }

  /** A read that took its time, or failed: repeated if the file was moved meanwhile. */
  private CompletableFuture<Void> settled(
      Operation operation,
      Inode file,
      InodeState before,
      long offset,
      ByteBuffer target,
      CompletableFuture<Void> done) {
    return done.handle((_, failure) -> failure)
        .thenCompose(failure -> {
          if (!file.gone() && !before.layout().isWhere(file.state().layout())) {
            return again(operation, file, offset, target);
          }
          return failure == null ? ChunkStore.DONE : CompletableFuture.failedFuture(failure);
        });
  }

  private CompletableFuture<Void> again(
      Operation operation, Inode file, long offset, ByteBuffer target) {
    Operation inner = new Operation(operation.credentials(), Blocking.ALLOWED);
    return CompletableFuture.runAsync(() -> {}, core.config().background())
        .thenCompose(_ -> {
          try {
            return read(inner, file, offset, target);
          } catch (FsException e) {
            return CompletableFuture.failedFuture(e);
          }
        })
        .whenComplete((_, _) -> operation.dependOn(inner.dependsOn()));
  }

  private CompletableFuture<Void> transfer(
      long ino, int generation, long offset, ByteBuffer buffer, int bytes, boolean reads) {
    List<CompletableFuture<Void>> waiting = List.of();
    int done = 0;
    while (done < bytes) {
      int index = (int) ((offset + done) / ChunkStore.CHUNK_BYTES);
      int at = (int) ((offset + done) % ChunkStore.CHUNK_BYTES);
      int count = Math.min(bytes - done, ChunkStore.CHUNK_BYTES - at);
      ByteBuffer part =
          count == buffer.remaining() ? buffer : buffer.slice(buffer.position() + done, count);
      ChunkId chunk = new ChunkId(ino, generation, index);
      CompletableFuture<Void> each =
          reads ? core.chunks().read(chunk, at, part) : core.chunks().write(chunk, at, part);
      if (!each.isDone() || each.isCompletedExceptionally()) {
        waiting = waiting.isEmpty() ? new ArrayList<>(2) : waiting;
        waiting.add(each);
      }
      done += count;
    }
    return switch (waiting.size()) {
      case 0 -> ChunkStore.DONE;
      case 1 -> waiting.getFirst();
      default -> CompletableFuture.allOf(waiting.toArray(new CompletableFuture<?>[0]));
    };
  }

  CompletableFuture<Void> write(
      Operation operation, Inode file, long offset, ByteBuffer source, Stability stability)
      throws FsException {
    int count = source.remaining();
    checkRegular(core.live(operation, file));
    if (offset < 0 || offset > Limits.FILE_BYTES - count) {
      throw new FsException(Errno.EFBIG);
    }
    if (count == 0) {
      return ChunkStore.DONE;
    }
    core.store().checkWritable(); // What is unstable now could not be committed later.
    long end = offset + count;
    while (true) {
      long waitFor;
      CompletableFuture<Void> written = NOT_BEGUN;
      file.lock(operation.blocking());
      try {
        FileIo io = file.io();
        io.enterShared(operation.blocking());
        boolean admitted = false;
        try {
          InodeState state = core.live(operation, file);
          if (isInline(state, end)) {
            return writeInline(operation, file, state, offset, source, stability);
          }
          waitFor = admit(operation, file, io, offset, end);
          if (waitFor == ADMITTED
              && stability != Stability.UNSTABLE
              && redoWrites.suits(file, offset, count)) {
            written = transfer(file, offset, source);
            if (succeeded(written)) {
              redoWrites.record(operation, file, offset, source);
              return ChunkStore.DONE;
            }
          }
          admitted = waitFor == ADMITTED;
        } finally {
          if (!admitted) {
            io.leaveShared();
            core.reclaimer().afterUse(file);
          }
        }
      } finally {
        file.unlock();
      }
      if (waitFor == ADMITTED) {
        return writeChunks(operation, file, offset, source, stability, written);
      }
      makeReady(operation, file, offset, end, waitFor);
    }
  }

  private static boolean isInline(InodeState state, long end) {
    return state.layout().inline()
        && Math.max(state.attributes().size(), end) <= Limits.INLINE_BYTES;
  }

  /** Writes contents that stay in the inode. The caller holds the lock. */
  private CompletableFuture<Void> writeInline(
      Operation operation,
      Inode file,
      InodeState state,
      long offset,
      ByteBuffer source,
      Stability stability) {
    int end = (int) offset + source.remaining();
    byte[] data = Arrays.copyOf(state.data(), Math.max(state.data().length, end));
    source.get(source.position(), data, (int) offset, source.remaining());
    InodeState next =
        core.written(operation.credentials(), state)
            .withContents(data.length, state.layout(), data);
    if (stability == Stability.UNSTABLE && mayBeDirty(file)) {
      FileIo io = file.io();
      becomeDirty(file, io, state);
      file.publish(next);
    } else {
      Update update = new Update(core, operation);
      update.setContents(file, next);
      update.apply();
      core.dirty().remove(file);
    }
    core.table().weigh(file);
    return ChunkStore.DONE;
  }

  private boolean mayBeDirty(Inode file) {
    return file.dirty() || core.dirty().size() < core.config().dirtyInodes();
  }

  private void becomeDirty(Inode file, FileIo io, InodeState before) {
    if (!file.dirty()) {
      file.dirtySince(core.config().clock().monotonicNanos());
      core.dirty().add(file);
    }
    io.advance(before);
  }

  /**
   * Prepares for chunks from {@code offset} to {@code end} to be written, by a writer who shares.
   * The caller holds the lock.
   *
   * @return {@link #ADMITTED}, or what must be done first: {@link #CUT}, {@link #FAR}, or a
   *     sequence number that must be durable
   */
  private long admit(Operation operation, Inode file, FileIo io, long offset, long end) {
    InodeState state = file.state();
    long size = state.attributes().size();
    if (offset > size && io.junkEnd > size) {
      return CUT;
    }
    long stored = file.stored().attributes().size();
    if (offset > Math.max(stored, state.layout().grant()) + Limits.GRANT_BYTES) {
      return FAR;
    }
    long needed = state.layout().inline() ? Math.max(end, size) : end;
    long waitFor = reach(operation, file, io, needed);
    if (waitFor != ADMITTED) {
      return waitFor;
    }
    int first = (int) (offset / ChunkStore.CHUNK_BYTES);
    int last = (int) ((end - 1) / ChunkStore.CHUNK_BYTES);
    if (state.layout().tier().isCold()) {
      core.tiers().used(file, state);
      if (core.coldChunks().any(file, first, last, operation.blocking())) {
        return COLD;
      }
    }
    if (state.layout().sparse()) {
      Sizes.maps(file, state.layout())
          .load(core.store(), first, last, state.layout().denseChunks(), operation.blocking());
    }
    if (state.layout().inline()) {
      leaveInode(operation, file, io, file.state());
    }
    core.changes().beforeWrite(file, operation.blocking());
    file.fresh(false);
    return ADMITTED;
  }

  /** Sees to it that chunks up to {@code end} may be written. */
  private long reach(Operation operation, Inode file, FileIo io, long end) {
    FileLayout layout = file.state().layout();
    long reach = Math.max(file.stored().attributes().size(), layout.grant());
    if (core.store().durableSequence() >= io.barrier) {
      io.durableReach = reach;
    }
    if (end > reach) {
      raise(operation, file, io, end);
      return io.barrier;
    }
    if (end > io.durableReach) {
      return io.barrier;
    }
    long ahead = Math.max(layout.grant() / 2, layout.grant() - Limits.GRANT_BYTES / 2);
    if (end > ahead && end > file.stored().attributes().size()) {
      try {
        raise(operation, file, io, end);
      } catch (WouldBlock e) {
        return ADMITTED; // It is not needed yet.
      }
    }
    return ADMITTED;
  }

  private void raise(Operation operation, Inode file, FileIo io, long end) {
    long grant = (long) FileLayout.chunksIn(end) * ChunkStore.CHUNK_BYTES + Limits.GRANT_BYTES;
    Operation own = new Operation(Credentials.ROOT, operation.blocking());
    Update update = new Update(core, own);
    update.set(file, file.state().withGrant(grant));
    io.barrier = update.apply();
  }

  /** Brings contents from the inode into the first chunk. */
  private void leaveInode(Operation operation, Inode file, FileIo io, InodeState state) {
    Invariant.check(io.alone(), "only one writer at a time finds a file's contents in its inode");
    if (state.data().length > 0) {
      if (operation.blocking() == Blocking.FORBIDDEN) {
        throw WouldBlock.INSTANCE; // A write left to itself could come after newer ones.
      }
      ByteBuffer bytes = SMALL.get().clear().put(state.data()).flip();
      ChunkId chunk = new ChunkId(file.ino(), state.layout().chunkGeneration(), 0);
      Core.await(core.chunks().write(chunk, 0, bytes));
    }
    becomeDirty(file, io, state);
    io.dirtyChunk(0);
    long size = state.attributes().size();
    file.publish(state.withContents(size, state.layout().inChunks(), InodeState.NO_DATA));
    core.table().weigh(file);
  }

  /** Waits for, or does, what keeps a writer from being admitted. */
  private void makeReady(Operation operation, Inode file, long offset, long end, long waitFor)
      throws FsException {
    if (operation.blocking() == Blocking.FORBIDDEN) {
      throw WouldBlock.INSTANCE;
    }
    if (waitFor > 0) {
      core.store().awaitDurable(waitFor);
      return;
    }
    file.lock(Blocking.ALLOWED);
    try {
      if (waitFor == COLD) {
        core.live(operation, file);
        int last = (int) ((end - 1) / ChunkStore.CHUNK_BYTES);
        core.coldChunks()
            .raise(file, (int) (offset / ChunkStore.CHUNK_BYTES), last, ColdChunks.Use.WRITE);
        return;
      }
      FileIo io = file.io();
      io.enterExclusive(Blocking.ALLOWED);
      try {
        core.live(operation, file);
        sizes.cut(file);
        if (waitFor == FAR) {
          sizes.prepare(file, offset, Blocking.ALLOWED);
          InodeState state = core.live(operation, file);
          if (offset > state.attributes().size()) {
            bringNear(operation, file, io, state, offset, end);
          }
        }
      } finally {
        io.leaveExclusive();
        core.reclaimer().afterUse(file);
      }
    } finally {
      file.unlock();
    }
  }

  private void bringNear(
      Operation operation, Inode file, FileIo io, InodeState state, long offset, long end) {
    long grant = (long) FileLayout.chunksIn(end) * ChunkStore.CHUNK_BYTES + Limits.GRANT_BYTES;
    Update update = new Update(core, operation);
    InodeState next = core.written(operation.credentials(), state).withGrant(grant);
    sizes.set(update, file, next, offset, Blocking.ALLOWED);
    io.barrier = update.apply();
  }

  private CompletableFuture<Void> transfer(Inode file, long offset, ByteBuffer source) {
    int generation = file.state().layout().chunkGeneration(); // It stays while writers share.
    return transfer(file.ino(), generation, offset, source, source.remaining(), false);
  }

  private static boolean succeeded(CompletableFuture<Void> future) {
    return future.isDone() && !future.isCompletedExceptionally();
  }

  @SuppressWarnings("ReferenceEquality") // It stands for itself.
  private CompletableFuture<Void> writeChunks(
      Operation operation,
      Inode file,
      long offset,
      ByteBuffer source,
      Stability stability,
      CompletableFuture<Void> begun) {
    int count = source.remaining();
    CompletableFuture<Void> written = begun == NOT_BEGUN ? transfer(file, offset, source) : begun;
    if (succeeded(written)) {
      finish(operation, file, offset, offset + count);
      return stability == Stability.UNSTABLE ? ChunkStore.DONE : commits.commit(operation, file);
    }
    return written
        .handle((_, failure) -> settle(operation, file, offset, offset + count, failure))
        .thenCompose(_ ->
            stability == Stability.UNSTABLE ? ChunkStore.DONE : commits.commit(operation, file));
  }

  @SuppressWarnings("NullAway") // Void has no value but null.
  private Void settle(Operation operation, Inode file, long offset, long end, Throwable failure) {
    if (failure == null) {
      finish(operation, file, offset, end);
      return null;
    }
    file.lock(Blocking.ALLOWED);
    try {
      FileIo io = file.io();
      io.junkEnd = Math.max(io.junkEnd, end);
      io.leaveShared();
      core.reclaimer().afterUse(file);
    } finally {
      file.unlock();
    }
    Throwable reason = Commits.reason(failure);
    if (reason instanceof StoreFullFault) {
      throw new CompletionException(new FsException(Errno.ENOSPC));
    }
    throw Core.fault(reason);
  }

  /** The bytes are in the chunks: makes them part of the file. */
  private void finish(Operation operation, Inode file, long offset, long end) {
    boolean tooMany;
    file.lock(Blocking.ALLOWED);
    try {
      FileIo io = file.io();
      io.leaveShared();
      tooMany = !mayBeDirty(file);
      InodeState before = file.state();
      becomeDirty(file, io, before);
      InodeState next = core.written(operation.credentials(), before);
      long size = before.attributes().size();
      FileLayout layout = covered(file, next.layout(), size, offset, end);
      file.publish(next.withContents(Math.max(size, end), layout, InodeState.NO_DATA));
      int last = (int) ((end - 1) / ChunkStore.CHUNK_BYTES);
      for (int index = (int) (offset / ChunkStore.CHUNK_BYTES); index <= last; index++) {
        io.dirtyChunk(index);
      }
      core.reclaimer().afterUse(file);
    } finally {
      file.unlock();
    }
    if (tooMany) {
      commits.flush(file);
    }
  }

  /** The layout after the bytes from {@code offset} to {@code end} were written. */
  private FileLayout covered(Inode file, FileLayout layout, long size, long offset, long end) {
    FileLayout now = layout;
    if (offset > size) {
      now = sizes.extended(file, layout, size, offset / Limits.BLOCK_BYTES * Limits.BLOCK_BYTES);
    }
    if (!now.sparse()) {
      return now;
    }
    BlockMaps maps = Sizes.maps(file, now);
    long blocks = now.blocks();
    long block = offset / Limits.BLOCK_BYTES;
    long blockEnd = FileLayout.blocksIn(end);
    while (block < blockEnd) {
      int index = (int) (block / FileLayout.CHUNK_BLOCKS);
      long first = (long) index * FileLayout.CHUNK_BLOCKS;
      long last = Math.min(blockEnd, first + FileLayout.CHUNK_BLOCKS);
      int from = (int) (block - first);
      blocks += maps.mark(index, now.denseChunks(), from, (int) (last - first));
      block = last;
    }
    return now.sparse(now.denseChunks(), blocks);
  }
}
