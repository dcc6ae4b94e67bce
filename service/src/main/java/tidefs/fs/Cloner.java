package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;

/**
 * Clones ranges of files: copies that come into force as a whole.
 *
 * <p>No chunk belongs to two files, so what is cloned is copied. A record of garbage first names
 * the chunks that are about to be written, in a generation that was never used: all of the target's
 * new contents, those outside of the range included. They are written and synced. Then one batch
 * switches the target to them, gives up the former chunks and deletes the record. So at each
 * instant, for readers and after a crash, all of the range is cloned or none. Holes stay holes.
 *
 * <p>Nobody else changes the contents of either file meanwhile; readers go on. That is why what is
 * copied at once is bounded.
 */
final class Cloner {
  /** What one piece of data counts at least: time goes by for many small ones, too. */
  private static final long PIECE_LEAST_BYTES = 64 << 10;

  private static final int SYNCED_TOGETHER = 64;

  private final Core core;
  private final Contents contents;
  private final Holes holes;

  Cloner(Core core, Contents contents, Holes holes) {
    this.core = core;
    this.contents = contents;
    this.holes = holes;
  }

  /** Data of one of the two files, and where it belongs in the new contents of the target. */
  private record Piece(Inode file, long from, long to, long length) {}

  /** The new contents of the target. */
  private record Plan(Inode target, long size, List<Piece> pieces) {
    long bytes() {
      return pieces.stream().mapToLong(Piece::length).sum();
    }
  }

  /** Clones; returns the bytes moved. */
  long run(Operation operation, Inode source, Inode target, CloneRange range) throws FsException {
    if (operation.blocking() == Blocking.FORBIDDEN) {
      throw WouldBlock.INSTANCE;
    }
    Contents.checkRegular(core.live(operation, source)); // First, whatever their numbers are.
    Contents.checkRegular(core.live(operation, target));
    if (source == target) {
      return alone(operation, source, () -> clone(operation, source, target, range));
    }
    boolean ordered = Long.compareUnsigned(source.ino(), target.ino()) < 0;
    Inode first = ordered ? source : target;
    Inode second = ordered ? target : source;
    return alone(
        operation,
        first,
        () -> alone(operation, second, () -> clone(operation, source, target, range)));
  }

  /** What is done while nobody else changes contents. */
  private interface Work {
    long run() throws FsException;
  }

  private long alone(Operation operation, Inode file, Work work) throws FsException {
    FileIo io = enter(operation, file);
    try {
      return work.run();
    } finally {
      leave(file, io);
    }
  }

  private FileIo enter(Operation operation, Inode file) throws FsException {
    file.lock(Blocking.ALLOWED);
    try {
      Contents.checkRegular(core.live(operation, file));
      FileIo io = file.io();
      io.enterExclusive(Blocking.ALLOWED);
      if (file.gone()) {
        throw new FsException(Errno.ESTALE);
      }
      return io;
    } finally {
      file.unlock();
    }
  }

  private void leave(Inode file, FileIo io) {
    file.lock(Blocking.ALLOWED);
    try {
      io.leaveExclusive();
      core.reclaimer().afterUse(file);
    } finally {
      file.unlock();
    }
  }

  private long clone(Operation operation, Inode source, Inode target, CloneRange range)
      throws FsException {
    long count = range.bytes(core.live(operation, source).attributes().size());
    if (source == target && range.overlaps(count)) {
      throw new FsException(Errno.EINVAL);
    }
    if (count == 0) {
      return 0;
    }
    if (range.to() > Limits.FILE_BYTES - count) {
      throw new FsException(Errno.EFBIG);
    }
    Plan plan = plan(operation, source, target, range, count);
    if (plan.size() <= Limits.INLINE_BYTES) {
      publish(operation, plan, small(operation, plan));
    } else {
      copy(operation, plan);
    }
    return plan.bytes();
  }

  private Plan plan(Operation operation, Inode source, Inode target, CloneRange range, long count)
      throws FsException {
    long size = core.live(operation, target).attributes().size();
    long rest = range.to() + FileLayout.roundUp(count);
    List<Piece> pieces = new ArrayList<>();
    find(operation, pieces, new Piece(target, 0, 0, Math.min(size, range.to())));
    find(operation, pieces, new Piece(source, range.from(), range.to(), count));
    find(operation, pieces, new Piece(target, rest, rest, size - rest));
    long cost = pieces.stream().mapToLong(it -> Math.max(it.length(), PIECE_LEAST_BYTES)).sum();
    if (cost > Limits.CLONE_BYTES) {
      throw new FsException(Errno.EFBIG);
    }
    return new Plan(target, Math.max(size, range.to() + count), pieces);
  }

  /** Adds what is data of a piece, or so much of it that all are too much. */
  private void find(Operation operation, List<Piece> pieces, Piece whole) throws FsException {
    long end = whole.from() + whole.length();
    long at = whole.from();
    long most = Limits.CLONE_BYTES / PIECE_LEAST_BYTES;
    while (at < end && pieces.size() <= most) {
      long data = holes.find(operation, whole.file(), at, true);
      if (data >= end) {
        return;
      }
      at = Math.min(end, holes.find(operation, whole.file(), data, false));
      pieces.add(new Piece(whole.file(), data, whole.to() + data - whole.from(), at - data));
    }
  }

  private byte[] small(Operation operation, Plan plan) throws FsException {
    ByteBuffer buffer = core.coldChunks().buffers().take();
    try {
      byte[] data = new byte[(int) plan.size()];
      for (Piece each : plan.pieces()) {
        buffer.clear().limit((int) each.length());
        Core.await(contents.read(operation, each.file(), each.from(), buffer));
        buffer.get(0, data, (int) each.to(), (int) each.length());
      }
      return data;
    } finally {
      core.coldChunks().buffers().give(buffer);
    }
  }

  private void copy(Operation operation, Plan plan) throws FsException {
    int generation = core.generations().next();
    int chunks = FileLayout.chunksIn(plan.size());
    Garbage garbage = Garbage.chunks(plan.target().ino(), generation, chunks);
    long intent = core.reclaimer().intend(garbage);
    boolean published = false;
    ByteBuffer buffer = core.coldChunks().buffers().take();
    try {
      Set<ChunkId> written = new HashSet<>();
      for (Piece each : plan.pieces()) {
        copy(operation, each, new ChunkId(plan.target().ino(), generation, 0), buffer, written);
      }
      Core.await(core.chunks().sync(written));
      publish(operation, plan, generation, intent);
      published = true;
    } finally {
      core.coldChunks().buffers().give(buffer);
      if (!published) {
        core.reclaimer().abandon(intent, garbage);
      }
    }
  }

  /** Copies one piece to chunks of the generation of {@code first}. */
  private void copy(
      Operation operation, Piece piece, ChunkId first, ByteBuffer buffer, Set<ChunkId> written)
      throws FsException {
    for (long done = 0; done < piece.length(); done += buffer.limit()) {
      long to = piece.to() + done;
      int at = (int) (to % ChunkStore.CHUNK_BYTES);
      long count = Math.min(piece.length() - done, ChunkStore.CHUNK_BYTES - at);
      buffer.clear().limit((int) count);
      Core.await(contents.read(operation, piece.file(), piece.from() + done, buffer));
      int index = (int) (to / ChunkStore.CHUNK_BYTES);
      ChunkId chunk = new ChunkId(first.ino(), first.generation(), index);
      Core.await(core.chunks().write(chunk, at, buffer));
      written.add(chunk);
      if (written.size() == SYNCED_TOGETHER) {
        Core.await(core.chunks().sync(written));
        written.clear();
      }
    }
  }

  /** Makes {@code data}, which fits in the inode, the target's contents. */
  private void publish(Operation operation, Plan plan, byte[] data) throws FsException {
    Inode target = plan.target();
    target.lock(Blocking.ALLOWED);
    try {
      InodeState state = core.live(operation, target);
      FileLayout layout = state.layout();
      boolean same = layout.inline() && target.fresh();
      Update update = new Update(core, operation);
      FileLayout next = same ? layout : FileLayout.empty(layout.generation() + 1);
      InodeState written = core.written(operation.credentials(), state);
      InodeState after = core.tiers().written(written.withContents(plan.size(), next, data));
      replace(update, target, state, after, new BlockMaps(target.ino(), next.generation(), true));
      update.then(_ -> target.fresh(true)); // No chunk of the new generation was ever written.
      update.apply();
      core.table().weigh(target);
    } finally {
      target.unlock();
    }
  }

  /** Makes the chunks of {@code generation}, which are synced, the target's contents. */
  private void publish(Operation operation, Plan plan, int generation, long intent)
      throws FsException {
    Inode target = plan.target();
    target.lock(Blocking.ALLOWED);
    try {
      InodeState state = core.live(operation, target);
      Update update = new Update(core, operation);
      update.batch().delete(Keys.garbage(intent));
      BlockMaps maps = new BlockMaps(target.ino(), state.layout().generation() + 1, true);
      InodeState written = core.written(operation.credentials(), state);
      FileLayout replaced = written.layout().replaced(generation, plan.size());
      FileLayout sparse = replaced.sparse(0, marked(maps, plan));
      InodeState next = written.withContents(plan.size(), sparse, InodeState.NO_DATA);
      FileLayout healed = Commits.healed(update, maps, next);
      maps.store(update, healed);
      InodeState after = next.withContents(plan.size(), healed, InodeState.NO_DATA);
      replace(update, target, state, after, maps);
      update.then(_ -> target.fresh(false));
      update.apply();
      core.table().weigh(target);
    } finally {
      target.unlock();
    }
  }

  /** Marks all data of a plan; returns how many blocks that is. */
  private static long marked(BlockMaps maps, Plan plan) {
    long blocks = 0;
    for (Piece each : plan.pieces()) {
      long block = each.to() / Limits.BLOCK_BYTES;
      long end = FileLayout.blocksIn(each.to() + each.length());
      while (block < end) {
        int index = (int) (block / FileLayout.CHUNK_BLOCKS);
        long first = (long) index * FileLayout.CHUNK_BLOCKS;
        long last = Math.min(end, first + FileLayout.CHUNK_BLOCKS);
        blocks += maps.mark(index, 0, (int) (block - first), (int) (last - first));
        block = last;
      }
    }
    return blocks;
  }

  /** Puts {@code after} in the place of all contents that the target had. */
  private void replace(
      Update update, Inode target, InodeState before, InodeState after, BlockMaps maps) {
    FileIo io = target.io();
    if (!before.layout().inline() || !target.fresh() || before.layout().sparse()) {
      core.reclaimer()
          .give(update, false, target.ino(), before.layout(), before.attributes().size());
    }
    Sizes.forgetRedo(update, target, true);
    update.setContents(target, after);
    update.then(sequence -> {
      io.moved(sequence);
      io.newEpoch();
      io.forgetDirtyChunks();
      io.maps = after.layout().sparse() ? maps : null;
      core.dirty().remove(target);
    });
  }
}
