package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import tidefs.base.Blocking;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.View;

/**
 * The chunks of files in cold classes: finds them, reads them, and brings them back to Standard
 * before they are written to.
 *
 * <p>Chunks in a cold place never change. One that is about to be written to is <em>raised</em>: it
 * is copied to the Standard place, synced there, and then a record of an exception, written with
 * the inode, makes the copy the one that counts. Readers take no lock: they look where the chunks
 * are, read, and look again; if the file was moved meanwhile they read once more.
 */
final class ColdChunks {
  /** The value of an exception that says: in the Standard place. */
  static final int IN_STANDARD = 0;

  private static final byte FORMAT = 1;

  private final Core core;
  private final MoveBuffers buffers = new MoveBuffers();

  ColdChunks(Core core) {
    this.core = core;
  }

  static byte[] exception(int generation) {
    return ByteBuffer.allocate(5).put(FORMAT).putInt(generation).array();
  }

  /** The generation in the record of an exception. */
  static int generation(byte[] exception) {
    return ByteBuffer.wrap(exception).getInt(1);
  }

  /** Clears a buffer from an index on. */
  static void zero(ByteBuffer target, int from) {
    for (int i = from; i < target.limit(); i++) {
      target.put(i, (byte) 0);
    }
  }

  /** Memory for a chunk that is moved. */
  MoveBuffers buffers() {
    return buffers;
  }

  /** The generation of a chunk in the file's cold place; empty if it is in Standard. */
  OptionalInt find(long ino, Tier tier, int index, Blocking blocking) {
    return find(core.store(), ino, tier, index, blocking);
  }

  /** The same as {@code view} shows it. */
  static OptionalInt find(View view, long ino, Tier tier, int index, Blocking blocking) {
    if (!tier.isCold() || index >= tier.end()) {
      return OptionalInt.empty();
    }
    if (!tier.mixed()) {
      return OptionalInt.of(tier.cold());
    }
    int generation =
        view.get(Keys.exception(ino, tier.cold(), index), blocking)
            .map(ColdChunks::generation)
            .orElse(tier.cold());
    return generation == IN_STANDARD ? OptionalInt.empty() : OptionalInt.of(generation);
  }

  /** True if a chunk of these is in the cold place, so that it cannot be written to. */
  boolean any(Inode file, int first, int last, Blocking blocking) {
    Tier tier = file.state().layout().tier();
    for (int index = first; index <= last && index < tier.end(); index++) {
      if (find(file.ino(), tier, index, blocking).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Reads {@code bytes} bytes of a file in a cold class, as {@code state} describes it. */
  CompletableFuture<Void> read(
      Operation operation, Inode file, InodeState state, long offset, ByteBuffer target, int bytes)
      throws FsException {
    ChunkStore place = core.tiers().place(state.layout().tier().storageClass());
    List<CompletableFuture<Void>> waiting = new ArrayList<>(2);
    int done = 0;
    while (done < bytes) {
      int index = (int) ((offset + done) / ChunkStore.CHUNK_BYTES);
      int at = (int) ((offset + done) % ChunkStore.CHUNK_BYTES);
      int count = Math.min(bytes - done, ChunkStore.CHUNK_BYTES - at);
      ByteBuffer part = target.slice(target.position() + done, count);
      OptionalInt cold = find(file.ino(), state.layout().tier(), index, operation.blocking());
      if (cold.isPresent() && isHole(file, state, index, operation.blocking())) {
        zero(part, 0);
      } else if (cold.isPresent()) {
        waiting.add(place.read(new ChunkId(file.ino(), cold.getAsInt(), index), at, part));
      } else {
        int generation = state.layout().chunkGeneration();
        waiting.add(core.chunks().read(new ChunkId(file.ino(), generation, index), at, part));
      }
      done += count;
    }
    return waiting.size() == 1
        ? waiting.getFirst()
        : CompletableFuture.allOf(waiting.toArray(new CompletableFuture<?>[0]));
  }

  /** True if nothing was ever written to a chunk: no place has it. */
  boolean isHole(Inode file, InodeState state, int index, Blocking blocking) {
    FileLayout layout = state.layout();
    if (!layout.sparse()) {
      return false;
    }
    file.lock(blocking);
    try {
      return isHoleLocked(file, layout, index, blocking);
    } finally {
      file.unlock();
    }
  }

  private boolean isHoleLocked(Inode file, FileLayout layout, int index, Blocking blocking) {
    FileLayout now = file.state().layout();
    if (!now.sparse() || now.generation() != layout.generation()) {
      return false; // It changed meanwhile: who asks will find out.
    }
    BlockMaps maps = Sizes.maps(file, now);
    maps.load(core.store(), index, index, now.denseChunks(), blocking);
    return maps.written(index, now.denseChunks()) == 0;
  }

  /** Raises these chunks. The caller holds the lock, which is let go for I/O. */
  void raise(Inode file, int first, int last, Use use) {
    for (int index = first; index <= last; index++) {
      raise(file, index, use);
    }
  }

  /** What a chunk is raised for. */
  enum Use {
    /** To be written to. */
    WRITE,
    /** To be cut or written to by someone who works on the chunks alone. */
    ALONE,
    /** The whole file returns. */
    RETURN
  }

  /** Raises a chunk, if it is in the cold place. */
  void raise(Inode file, int index, Use use) {
    InodeState state = file.state();
    Tier tier = state.layout().tier();
    OptionalInt cold = find(file.ino(), tier, index, Blocking.ALLOWED);
    if (cold.isEmpty() || file.gone()) {
      return;
    }
    boolean hole =
        state.layout().sparse() && isHoleLocked(file, state.layout(), index, Blocking.ALLOWED);
    ByteBuffer bytes = buffers.take();
    try {
      bytes.limit(hole ? 0 : length(state.attributes().size(), index));
      file.unlock();
      try {
        if (bytes.hasRemaining()) {
          ChunkId chunk = new ChunkId(file.ino(), cold.getAsInt(), index);
          Core.await(core.tiers().place(tier.storageClass()).read(chunk, 0, bytes));
        }
      } finally {
        file.lock(Blocking.ALLOWED);
      }
      write(file, tier, index, bytes, use);
    } finally {
      buffers.give(bytes);
    }
  }

  /** The bytes of a chunk that are below the end of a file. */
  static int length(long size, int index) {
    long left = size - (long) index * ChunkStore.CHUNK_BYTES;
    return (int) Math.max(0, Math.min(ChunkStore.CHUNK_BYTES, left));
  }

  private void write(Inode file, Tier before, int index, ByteBuffer bytes, Use use) {
    if (file.gone()) {
      return;
    }
    FileIo io = file.io();
    if (use != Use.ALONE) {
      io.enterShared(Blocking.ALLOWED);
    }
    try {
      io.awaitRaised(index);
      Tier tier = file.state().layout().tier();
      OptionalInt cold = find(file.ino(), tier, index, Blocking.ALLOWED);
      if (file.gone() || tier.cold() != before.cold() || cold.isEmpty()) {
        return; // Somebody else was faster, or it is not needed any more.
      }
      ChunkId chunk = new ChunkId(file.ino(), file.state().layout().chunkGeneration(), index);
      io.startRaising(index);
      try {
        store(file, chunk, bytes);
        record(file, index, cold.getAsInt(), use);
      } finally {
        io.endRaising(index);
      }
    } finally {
      if (use != Use.ALONE && !file.gone()) {
        io.leaveShared();
        core.reclaimer().afterUse(file);
      }
    }
  }

  private void store(Inode file, ChunkId chunk, ByteBuffer bytes) {
    file.unlock();
    try {
      Core.await(core.chunks().truncate(chunk, 0)); // What a crash left there.
      if (bytes.hasRemaining()) {
        Core.await(core.chunks().write(chunk, 0, bytes));
        Core.await(core.chunks().sync(List.of(chunk)));
      }
    } finally {
      file.lock(Blocking.ALLOWED);
    }
  }

  private void record(Inode file, int index, int cold, Use use) {
    InodeState state = file.state();
    Tier tier = state.layout().tier();
    Update update = new Update(core, new Operation(Credentials.ROOT, Blocking.ALLOWED));
    update.batch().put(Keys.exception(file.ino(), tier.cold(), index), exception(IN_STANDARD));
    if (cold != tier.cold()) {
      Garbage former = Garbage.cold(tier.storageClass(), file.ino(), cold, index, index + 1);
      core.reclaimer().give(update, former);
    }
    Tier next = use == Use.RETURN ? tier.raised() : tier.raised().accessed(core.tiers().hour());
    update.set(file, state.withTier(next));
    update.apply();
  }
}
