package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tidefs.base.Invariant;
import tidefs.store.ChunkId;
import tidefs.store.ChunkStore;
import tidefs.store.StoreBusyFault;
import tidefs.store.StoreFault;

/** Chunks in plain files. The essay is the package's. */
public final class LocalChunkStore implements ChunkStore {
  private static final int NAME_LOCKS = 64;
  private static final long POLL_NANOS = 100_000;

  /** How many files are closed, one after the other, if the system lacks descriptors. */
  private static final int OPEN_TRIES = 32;

  private final FileIo io;
  private final ChunkResources resources;
  private final ChunkNames names;
  private final NameSyncs nameSyncs;
  private final SpaceGuard space;
  private final ChunkTable table = new ChunkTable();

  /** Held while a file is opened, created or removed, so that no removed file is found open. */
  private final ReentrantLock[] nameLocks = new ReentrantLock[NAME_LOCKS];

  private final Writeback writeback;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean failed;
  private volatile boolean closed;

  private LocalChunkStore(FileIo io, Path root, ChunkResources resources) {
    this.io = io;
    this.resources = resources;
    this.names = new ChunkNames(root);
    this.space = new SpaceGuard(io, root);
    this.nameSyncs = new NameSyncs(io, names, () -> failed = true);
    this.writeback = new Writeback(table, resources);
    for (int i = 0; i < NAME_LOCKS; i++) {
      nameLocks[i] = new ReentrantLock();
    }
  }

  /** Opens the store in {@code root}, empty if it is not there; its parent exists. */
  public static LocalChunkStore open(FileIo io, Path root, ChunkResources resources) {
    io.createDirectory(root);
    io.syncName(root);
    return new LocalChunkStore(io, root, resources);
  }

  @Override
  public CompletableFuture<Void> read(ChunkId chunk, int offset, ByteBuffer target) {
    check(offset, target);
    OpenChunk open = table.enter(chunk);
    if (open != null) {
      try {
        if (open.readCached(offset, target)) {
          return DONE;
        }
      } catch (StoreFault e) {
        return CompletableFuture.failedFuture(e);
      } finally {
        open.exit();
      }
    }
    return transfer(() -> readPatiently(chunk, offset, target));
  }

  @Override
  public CompletableFuture<Void> write(ChunkId chunk, int offset, ByteBuffer source) {
    check(offset, source);
    if (failed) {
      return CompletableFuture.failedFuture(hasFailed());
    }
    if (!source.hasRemaining()) {
      return DONE;
    }
    OpenChunk open = resources.tooDirty() ? null : table.enter(chunk);
    if (open == null) {
      return transfer(() -> writePatiently(chunk, offset, source));
    }
    try {
      write(open, offset, source);
      return DONE;
    } catch (StoreFault e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      open.exit();
    }
  }

  @Override
  public CompletableFuture<Void> sync(Collection<ChunkId> chunks) {
    if (failed) {
      return CompletableFuture.failedFuture(hasFailed());
    }
    CompletableFuture<Void> all = DONE;
    for (ChunkId chunk : chunks) {
      all = Futures.both(all, sync(chunk));
    }
    return all;
  }

  @Override
  public CompletableFuture<Void> truncate(ChunkId chunk, int length) {
    Invariant.check(length >= 0 && length <= CHUNK_BYTES, "a length lies in the chunk");
    return transfer(() -> {
      checkUsable();
      OpenChunk open = enter(chunk, false);
      if (open != null) {
        try {
          open.truncate(length);
        } finally {
          open.exit();
        }
      }
    });
  }

  @Override
  public CompletableFuture<Void> remove(ChunkId chunk) {
    return transfer(() -> {
      checkUsable();
      ReentrantLock lock = nameLock(chunk);
      lock.lock();
      try {
        table.drop(chunk);
        if (io.unlink(names.file(chunk))) {
          nameSyncs.changed(ChunkNames.bucket(chunk));
        }
      } finally {
        lock.unlock();
      }
    });
  }

  @Override
  public void list(ChunkSink sink) {
    new ChunkListing(io, names, sink).list();
  }

  /** The same for the chunks of one bucket, see {@link ChunkNames#bucket}. */
  void list(int bucket, ChunkSink sink) {
    new ChunkListing(io, names, sink).list(bucket);
  }

  /** Up to which byte a chunk was written; {@link FileIo#ABSENT} if it is not there. Waits. */
  int length(ChunkId chunk) {
    OpenChunk open = enter(chunk, false);
    if (open == null) {
      return FileIo.ABSENT;
    }
    try {
      return open.length();
    } finally {
      open.exit();
    }
  }

  /** Makes a chunk durable as it is read now, whoever wrote it: a process before this one, too. */
  CompletableFuture<Void> settle(ChunkId chunk) {
    return transfer(
            () -> {
              checkUsable();
              OpenChunk open = enter(chunk, false);
              if (open != null) {
                try {
                  open.unsettle();
                } finally {
                  open.exit();
                }
              }
            })
        .thenCompose(_ -> sync(chunk));
  }

  /** Waits for calls under way. What was not synced may be lost. */
  @Override
  public void close() {
    closed = true;
    failed = true;
    while (underWay.get() > 0) {
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    table.clear();
  }

  private CompletableFuture<Void> sync(ChunkId chunk) {
    CompletableFuture<Void> contents = DONE;
    OpenChunk open = table.enter(chunk);
    if (open != null) {
      contents = open.sync();
      Futures.afterwards(contents, open::exit);
    }
    CompletableFuture<Void> name = nameSyncs.sync(ChunkNames.bucket(chunk), resources.syncs());
    return Futures.both(contents, name);
  }

  private void readPatiently(ChunkId chunk, int offset, ByteBuffer target) {
    OpenChunk open = enter(chunk, false);
    if (open == null) {
      for (int i = target.position(); i < target.limit(); i++) {
        target.put(i, (byte) 0);
      }
      return;
    }
    try {
      open.read(offset, target);
    } finally {
      open.exit();
    }
  }

  private void writePatiently(ChunkId chunk, int offset, ByteBuffer source) {
    checkUsable();
    OpenChunk open = Objects.requireNonNull(enter(chunk, true), "created");
    try {
      write(open, offset, source);
      if (resources.tooDirty()) {
        open.syncHere();
      }
    } finally {
      open.exit();
    }
  }

  private void write(OpenChunk open, int offset, ByteBuffer source) {
    space.take(source.remaining());
    open.write(offset, source);
    writeback.written(open);
  }

  /** The chunk, its file opened if need be; null if it is not there and not to be created. */
  private @Nullable OpenChunk enter(ChunkId chunk, boolean create) {
    OpenChunk open = table.enter(chunk);
    if (open != null) {
      return open;
    }
    if (closed) {
      throw hasFailed();
    }
    if (resources.tooManyOpen()) {
      table.makeRoom(chunk);
    }
    for (int i = 0; ; i++) {
      try {
        return open(chunk, create);
      } catch (StoreBusyFault e) {
        if (i == OPEN_TRIES) {
          throw e;
        }
        table.makeRoom(new ChunkId(chunk.ino() + i, 0, i)); // Anywhere: others are idle.
      }
    }
  }

  private @Nullable OpenChunk open(ChunkId chunk, boolean create) {
    OpenChunk open;
    ReentrantLock lock = nameLock(chunk);
    lock.lock();
    try {
      open = table.enter(chunk);
      if (open != null) {
        return open;
      }
      Path path = names.file(chunk);
      int file = io.open(path);
      if (file == FileIo.ABSENT) {
        if (!create) {
          return null;
        }
        nameSyncs.createDirectories(ChunkNames.bucket(chunk));
        file = io.create(path);
        nameSyncs.changed(ChunkNames.bucket(chunk));
      }
      open = new OpenChunk(io, resources, chunk, file, () -> failed = true);
      Invariant.check(open.enter(), "a new chunk is open");
      table.add(open);
      return open;
    } finally {
      lock.unlock();
    }
  }

  private ReentrantLock nameLock(ChunkId chunk) {
    int hash = chunk.hashCode() * 0x9e3779b9;
    return nameLocks[(hash >>> 16) & (NAME_LOCKS - 1)];
  }

  private CompletableFuture<Void> transfer(Runnable task) {
    underWay.incrementAndGet();
    return Futures.run(
        resources.transfers(),
        () -> {
          try {
            task.run();
          } finally {
            underWay.decrementAndGet();
          }
        });
  }

  private void checkUsable() {
    if (failed) {
      throw hasFailed();
    }
  }

  private static StoreFault hasFailed() {
    return new StoreFault("the chunk store has failed or is closed, and takes no more changes");
  }

  private static void check(int offset, ByteBuffer buffer) {
    Invariant.check(
        offset >= 0 && (long) offset + buffer.remaining() <= CHUNK_BYTES,
        "a range lies in the chunk");
    Invariant.check(buffer.isDirect(), "buffers of chunks are direct");
  }
}
