package tidefs.store.local;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tidefs.store.ChunkId;

/**
 * A chunk whose file is open. It counts its users: the last one to leave it after it was dropped
 * closes the file.
 */
final class OpenChunk {
  /** How much is written to a chunk before the system is told to begin with it. */
  private static final long WRITEBACK_BYTES = 1 << 20;

  private final FileIo io;
  private final ChunkResources resources;
  private final ChunkId id;
  private final int file;
  private final SharedSync sync;
  private final AtomicInteger length;
  private final AtomicInteger users = new AtomicInteger(1); // The table is one.
  private final AtomicLong dirty = new AtomicLong();
  private final AtomicLong sinceWriteback = new AtomicLong();
  private final AtomicBoolean queued = new AtomicBoolean();

  /** Takes over {@code file}. */
  OpenChunk(FileIo io, ChunkResources resources, ChunkId id, int file, Runnable onFault) {
    this.io = io;
    this.resources = resources;
    this.id = id;
    this.file = file;
    this.length = new AtomicInteger((int) io.length(file));
    this.sync = new SharedSync(this::syncFile, false, onFault);
    resources.addOpen(1);
  }

  ChunkId id() {
    return id;
  }

  /** Joins the users, unless the chunk is closed already. */
  boolean enter() {
    return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /** Leaves the users. */
  void exit() {
    if (users.decrementAndGet() == 0) {
      resources.addOpen(-1);
      resources.addDirty(-dirty.getAndSet(0));
      io.close(file);
    }
  }

  /** Whether all of it is durable. */
  boolean isClean() {
    return sync.isClean();
  }

  /** Whether it can be dropped: nobody but the table uses it, and all of it is durable. */
  boolean isIdle() {
    return isUnused() && sync.isClean();
  }

  /** Whether nobody but the table uses it. */
  boolean isUnused() {
    return users.get() == 1;
  }

  /** Reads without waiting; false if that is not possible, {@code target} then has any contents. */
  boolean readCached(int offset, ByteBuffer target) {
    int there = there(offset, target);
    if (there > 0) {
      ByteBuffer part = there == target.remaining() ? target : slice(target, there);
      if (io.readCached(file, offset, part) != there) {
        return false;
      }
    }
    zero(target, there);
    return true;
  }

  /** Reads, however long it takes. */
  void read(int offset, ByteBuffer target) {
    int there = there(offset, target);
    int read = there > 0 ? io.read(file, offset, slice(target, there)) : 0;
    zero(target, read);
  }

  /** Writes. */
  void write(int offset, ByteBuffer source) {
    int bytes = source.remaining();
    dirty.addAndGet(bytes);
    resources.addDirty(bytes);
    try {
      io.write(file, offset, source);
    } finally { // Some of it may have been written even if not all was.
      length.accumulateAndGet(offset + bytes, Math::max);
      sync.changed();
    }
    if (sinceWriteback.addAndGet(bytes) >= WRITEBACK_BYTES) {
      sinceWriteback.set(0);
      if (enter()) {
        resources.syncs().execute(this::startWriteback);
      }
    }
  }

  /** True, once, if it is not in the queue for writeback: it is to be put there. */
  boolean enqueue() {
    return !queued.get() && !queued.getAndSet(true);
  }

  void truncate(int to) {
    if (to < length.get()) {
      io.truncate(file, to);
      length.accumulateAndGet(to, Math::min);
      sync.changed();
    }
  }

  int length() {
    return length.get();
  }

  /** Takes it for changed: a process before this one may have written what is not durable. */
  void unsettle() {
    sync.changed();
  }

  /** Makes all that was written before the call durable. */
  CompletableFuture<Void> sync() {
    return sync.sync(resources.syncs());
  }

  /** Makes all that was written before the call durable, in this thread. */
  void syncHere() {
    Futures.join(sync.sync(Runnable::run));
  }

  /** The chunk was taken from the queue for writeback. */
  void dequeued() {
    queued.set(false);
  }

  private void startWriteback() {
    try {
      io.startWriteback(file);
    } finally {
      exit();
    }
  }

  private void syncFile() {
    long covered = dirty.get();
    io.sync(file);
    dirty.addAndGet(-covered);
    resources.addDirty(-covered);
  }

  private int there(int offset, ByteBuffer target) {
    return Math.clamp((long) length.get() - offset, 0, target.remaining());
  }

  private static ByteBuffer slice(ByteBuffer buffer, int bytes) {
    return buffer.slice(buffer.position(), bytes);
  }

  private static void zero(ByteBuffer target, int from) {
    for (int i = target.position() + from; i < target.limit(); i++) {
      target.put(i, (byte) 0);
    }
  }
}
