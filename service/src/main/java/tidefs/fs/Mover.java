package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.Entries;
import tidefs.store.StoreFault;

/**
 * Moves the contents of files between storage classes.
 *
 * <p><b>To a cold class.</b> A record of garbage first names the chunks that are about to be
 * written, in a generation that was never used. They are copied, without any lock, and synced. Then
 * one batch, under the inode's lock and only if the contents are those that were copied, switches
 * the inode, gives up the former chunks and deletes the record. If the file was changed meanwhile,
 * or the process is killed, the record has the copies removed: at each instant one place is whole,
 * and what lies in another is known.
 *
 * <p><b>Back to Standard.</b> Chunk by chunk, as for a write, each with a batch of its own; the
 * last one takes the file out of its class. A file that fits in its inode returns there at once.
 *
 * <p>No lock is held during I/O. Writers are never kept waiting but for a chunk of the very file
 * that they write to. A file is moved by one thread at a time.
 */
final class Mover {
  /** More chunks than these go to the cold place with all others, under one generation. */
  private static final int MOST_EXCEPTIONS = 4_096;

  private static final int SYNCED_TOGETHER = 64;

  private final Core core;
  private final Commits commits;

  Mover(Core core, Commits commits) {
    this.core = core;
    this.commits = commits;
  }

  /** What became of an attempt. */
  enum Outcome {
    MOVED,
    /** The file is in use, or was changed meanwhile. */
    BUSY,
    /** It is where it should be, or gone. */
    UNNEEDED
  }

  /** What a copy is of. */
  private record Mark(InodeState state, long version) {
    Tier tier() {
      return state.layout().tier();
    }

    int chunks() {
      return FileLayout.chunksIn(state.attributes().size());
    }
  }

  /** A copy that is being made. */
  private record Copy(Inode file, Mark mark, StorageClass target, int generation, boolean partial) {
    ChunkId chunk(int index) {
      return new ChunkId(file.ino(), generation, index);
    }
  }

  Outcome move(Inode file, StorageClass target, Pace pace) {
    Tier before = file.state().layout().tier();
    try {
      return target.cold() ? freeze(file, target, pace) : thaw(file, pace);
    } catch (StoreFault e) {
      Tier now = file.state().layout().tier();
      if (!file.gone() && now.cold() == before.cold() && now.end() >= before.end()) {
        throw e;
      }
      return Outcome.BUSY; // The chunks that it read were given up meanwhile.
    }
  }

  private Outcome freeze(Inode file, StorageClass target, Pace pace) {
    Optional<Mark> found = mark(file);
    if (found.isEmpty()) {
      return Outcome.BUSY;
    }
    Mark mark = found.get();
    Tier tier = mark.tier();
    boolean same = tier.storageClass() == target;
    boolean grown = mark.chunks() > tier.end();
    if (mark.chunks() == 0 || (same && !grown && tier.warm() == 0 && !tier.returning())) {
      return Outcome.UNNEEDED;
    }
    boolean partial = same && !grown && tier.warm() <= MOST_EXCEPTIONS;
    Copy copy = new Copy(file, mark, target, core.generations().next(), partial);
    Garbage garbage = Garbage.cold(target, file.ino(), copy.generation(), 0, mark.chunks());
    long intent = core.reclaimer().intend(garbage);
    boolean published = false;
    try {
      List<Integer> copied = copy(copy, pace);
      published = publish(copy, copied, intent);
    } finally {
      if (!published) {
        core.reclaimer().abandon(intent, garbage);
      }
    }
    return published ? Outcome.MOVED : Outcome.BUSY;
  }

  /** What is to be copied; empty if the file is in use. */
  private Optional<Mark> mark(Inode file) {
    file.lock(Blocking.ALLOWED);
    try {
      if (file.gone() || file.state().unlinked() || !file.io().idle()) {
        return Optional.empty();
      }
      if (!file.dirty()) {
        return Optional.of(new Mark(file.state(), file.io().version()));
      }
    } finally {
      file.unlock();
    }
    commits.commit(new Operation(Credentials.ROOT, Blocking.ALLOWED), file).join();
    file.lock(Blocking.ALLOWED);
    try {
      return file.gone() || file.dirty() || !file.io().idle()
          ? Optional.empty()
          : Optional.of(new Mark(file.state(), file.io().version()));
    } finally {
      file.unlock();
    }
  }

  /**
   * True if the contents are still those of {@code mark}. The caller holds the lock. Writes into
   * chunks raise the version; a stable write into the inode only the change attribute.
   */
  private static boolean unmoved(Inode file, Mark mark) {
    return !file.gone()
        && !file.state().unlinked()
        && file.io().idle()
        && !file.dirty()
        && file.io().version() == mark.version()
        && file.state().attributes().change() == mark.state().attributes().change()
        && file.state().attributes().size() == mark.state().attributes().size()
        && file.state().layout().equals(mark.state().layout());
  }

  /** Copies what has to be; durable on return. Tells the exceptions that this makes. */
  private List<Integer> copy(Copy copy, Pace pace) {
    @Nullable List<Integer> exceptions =
        copy.partial() ? warm(copy.file().ino(), copy.mark().tier()) : null;
    List<ChunkId> written = new ArrayList<>();
    ByteBuffer buffer = core.coldChunks().buffers().take();
    try {
      int chunks = copy.mark().chunks();
      for (int at = 0; ; at++) {
        int index = exceptions == null ? nextData(copy, at) : at(exceptions, at);
        if (index >= chunks) {
          break;
        }
        at = exceptions == null ? index : at;
        copyChunk(copy, index, buffer);
        written.add(copy.chunk(index));
        if (written.size() == SYNCED_TOGETHER) {
          sync(copy, written);
        }
        pace.done(buffer.limit());
      }
      sync(copy, written);
    } finally {
      core.coldChunks().buffers().give(buffer);
    }
    return exceptions == null ? List.of() : exceptions;
  }

  private static int at(List<Integer> indexes, int at) {
    return at < indexes.size() ? indexes.get(at) : Integer.MAX_VALUE;
  }

  private void sync(Copy copy, List<ChunkId> written) {
    Core.await(core.tiers().place(copy.target()).sync(List.copyOf(written)));
    written.clear();
  }

  /** The chunks of a file that are in Standard though they were in the cold place. */
  private List<Integer> warm(long ino, Tier tier) {
    List<Integer> found = new ArrayList<>();
    byte[] first = Keys.exception(ino, tier.cold(), 0);
    byte[] last = Keys.exception(ino, tier.cold(), tier.end());
    try (Entries exceptions = core.store().scan(first, last, Blocking.ALLOWED)) {
      while (exceptions.next() && found.size() <= MOST_EXCEPTIONS) {
        if (ColdChunks.generation(exceptions.value()) == ColdChunks.IN_STANDARD) {
          found.add(Keys.index(exceptions.key()));
        }
      }
    }
    return found;
  }

  /** The first chunk from {@code from} on that holds data. */
  private int nextData(Copy copy, int from) {
    return nextData(copy.file(), copy.mark().state().attributes().size(), from);
  }

  private int nextData(Inode file, long size, int from) {
    file.lock(Blocking.ALLOWED);
    try {
      FileLayout layout = file.state().layout();
      if (!layout.sparse()) {
        return from;
      }
      long block = (long) from * FileLayout.CHUNK_BLOCKS;
      long end = FileLayout.blocksIn(size);
      if (block >= end) {
        return Integer.MAX_VALUE;
      }
      long found =
          Sizes.maps(file, layout)
              .find(core.store(), block, end, layout.denseChunks(), true, Blocking.ALLOWED);
      return found >= end ? Integer.MAX_VALUE : (int) (found / FileLayout.CHUNK_BLOCKS);
    } finally {
      file.unlock();
    }
  }

  private void copyChunk(Copy copy, int index, ByteBuffer buffer) {
    InodeState state = copy.mark().state();
    buffer.clear().limit(ColdChunks.length(state.attributes().size(), index));
    if (state.layout().inline()) {
      buffer.put(0, state.data());
    } else {
      OptionalInt cold =
          core.coldChunks().find(copy.file().ino(), copy.mark().tier(), index, Blocking.ALLOWED);
      ChunkStore from =
          cold.isPresent() ? core.tiers().place(copy.mark().tier().storageClass()) : core.chunks();
      int generation = cold.orElse(state.layout().chunkGeneration());
      Core.await(from.read(new ChunkId(copy.file().ino(), generation, index), 0, buffer));
    }
    Core.await(core.tiers().place(copy.target()).write(copy.chunk(index), 0, buffer));
  }

  /** Makes the copy the file's contents, if they are the same still. */
  private boolean publish(Copy copy, List<Integer> exceptions, long intent) {
    Inode file = copy.file();
    file.lock(Blocking.ALLOWED);
    try {
      if (!unmoved(file, copy.mark())) {
        return false;
      }
      InodeState state = file.state();
      Update update = new Update(core, new Operation(Credentials.ROOT, Blocking.ALLOWED));
      update.batch().delete(Keys.garbage(intent));
      Tier before = copy.mark().tier();
      Tier after;
      if (copy.partial()) {
        for (int index : exceptions) {
          update
              .batch()
              .put(
                  Keys.exception(file.ino(), before.cold(), index),
                  ColdChunks.exception(copy.generation()));
        }
        after = before.refrozen(copy.generation());
      } else {
        after = before.frozen(copy.target(), copy.generation(), copy.mark().chunks());
        giveCold(update, file, before);
      }
      giveStandard(update, file, state);
      int known = after.accessHour() == 0 ? core.tiers().hour() : after.accessHour();
      place(update, file, state, after.accessed(known));
      return true;
    } finally {
      file.unlock();
    }
  }

  private void giveCold(Update update, Inode file, Tier before) {
    if (before.isCold()) {
      core.reclaimer()
          .give(
              update,
              Garbage.cold(before.storageClass(), file.ino(), before.cold(), 0, before.end()));
    }
  }

  private void giveStandard(Update update, Inode file, InodeState state) {
    FileLayout layout = state.layout();
    if (!layout.inline() || !file.fresh()) {
      int chunks = layout.chunks(state.attributes().size());
      core.reclaimer().give(update, Garbage.chunks(file.ino(), layout.chunkGeneration(), chunks));
    }
  }

  private void place(Update update, Inode file, InodeState state, Tier tier) {
    long size = state.attributes().size();
    long grant = (long) FileLayout.chunksIn(size) * ChunkStore.CHUNK_BYTES;
    FileLayout moved = state.layout().moved(grant, tier);
    FileIo io = file.io();
    update.setContents(file, state.withContents(size, moved, InodeState.NO_DATA));
    update.then(sequence -> {
      io.moved(sequence);
      io.newEpoch();
      file.fresh(false);
    });
    update.apply();
    core.table().weigh(file);
  }

  private Outcome thaw(Inode file, Pace pace) {
    Tier tier = file.state().layout().tier();
    if (!tier.isCold() || file.gone()) {
      return Outcome.UNNEEDED;
    }
    if (file.state().attributes().size() <= Limits.INLINE_BYTES
        && !file.state().layout().sparse()) {
      return thawInline(file, pace);
    }
    for (int index = 0; ; index++) {
      Tier now = file.state().layout().tier();
      index = nextData(file, file.state().attributes().size(), index);
      if (file.gone() || now.cold() != tier.cold()) {
        return Outcome.BUSY;
      }
      if (index >= now.end()) {
        break;
      }
      if (core.coldChunks().find(file.ino(), now, index, Blocking.ALLOWED).isPresent()) {
        file.lock(Blocking.ALLOWED);
        try {
          core.coldChunks().raise(file, index, ColdChunks.Use.RETURN);
        } finally {
          file.unlock();
        }
        pace.done(ColdChunks.length(file.state().attributes().size(), index));
      }
    }
    return leave(file, tier.cold());
  }

  /** All chunks with data are in Standard: the file leaves its class. */
  private Outcome leave(Inode file, int cold) {
    file.lock(Blocking.ALLOWED);
    try {
      InodeState state = file.state();
      Tier tier = state.layout().tier();
      if (file.gone() || tier.cold() != cold) {
        return Outcome.BUSY;
      }
      Update update = new Update(core, new Operation(Credentials.ROOT, Blocking.ALLOWED));
      giveCold(update, file, tier);
      update.set(file, state.withTier(tier.thawed(core.tiers().hour())));
      update.apply();
      return Outcome.MOVED;
    } finally {
      file.unlock();
    }
  }

  private Outcome thawInline(Inode file, Pace pace) {
    Optional<Mark> found = mark(file);
    if (found.isEmpty()) {
      return Outcome.BUSY;
    }
    Mark mark = found.get();
    InodeState state = mark.state();
    int size = (int) state.attributes().size();
    if (size > Limits.INLINE_BYTES || state.layout().sparse() || !mark.tier().isCold()) {
      return Outcome.BUSY;
    }
    byte[] data = readSmall(file, state, size);
    pace.done(size);
    file.lock(Blocking.ALLOWED);
    try {
      if (!unmoved(file, mark)) {
        return Outcome.BUSY;
      }
      Update update = new Update(core, new Operation(Credentials.ROOT, Blocking.ALLOWED));
      giveCold(update, file, mark.tier());
      giveStandard(update, file, state);
      int hot = core.generations().next(); // Chunks of the former one are about to be removed.
      int hour = core.tiers().hour();
      Tier tier = new Tier(StorageClass.STANDARD, false, false, hot, 0, 0, 0, hour);
      FileIo io = file.io();
      update.setContents(file, state.withContents(size, state.layout().backInline(tier), data));
      update.then(sequence -> {
        io.moved(sequence);
        io.newEpoch();
      });
      update.apply();
      core.table().weigh(file);
      return Outcome.MOVED;
    } finally {
      file.unlock();
    }
  }

  private byte[] readSmall(Inode file, InodeState state, int size) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(1, size)).limit(size);
    try {
      Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
      core.coldChunks().read(operation, file, state, 0, buffer, size).join();
    } catch (FsException | CompletionException e) {
      throw Core.fault(e.getCause());
    }
    byte[] data = new byte[size];
    buffer.get(0, data);
    return data;
  }
}
