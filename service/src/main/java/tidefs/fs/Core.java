package tidefs.fs;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;

/** What the parts of one file system share: the stores, the caches, the counters. */
final class Core {
  private static final long FILL_RETRY_NANOS = 20_000;

  /** Listings may take this part of what inodes may take. */
  private static final int LISTINGS_SHARE = 8;

  private final FileSystemConfig config;
  private final InodeTable table;
  private final NameCache names;
  private final NameHash hash;
  private final DirectoryEntries entries;
  private final Listings listings;
  private final UsageLedger usage;
  private final InodeNumbers numbers;
  private final DirtyInodes dirty;
  private final Reclaimer reclaimer;
  private final ChangeIndex changes;
  private final Tiers tiers;
  private final Generations generations;
  private final ColdChunks coldChunks;

  Core(FileSystemConfig config, NameHash hash) {
    this.config = config;
    this.hash = hash;
    table = new InodeTable(config.inodeCacheBytes());
    names = new NameCache(config.nameCacheEntries());
    entries = new DirectoryEntries(config.store(), hash);
    listings = new Listings(config.inodeCacheBytes() / LISTINGS_SHARE);
    usage = new UsageLedger(config.store());
    numbers = new InodeNumbers(config.store());
    dirty = new DirtyInodes();
    reclaimer = new Reclaimer(this);
    changes = new ChangeIndex(this);
    tiers = new Tiers(config.coldPlaces(), config.clock());
    generations = new Generations(config.store());
    coldChunks = new ColdChunks(this);
  }

  FileSystemConfig config() {
    return config;
  }

  MetadataStore store() {
    return config.store();
  }

  ChunkStore chunks() {
    return config.chunks();
  }

  InodeTable table() {
    return table;
  }

  DirectoryEntries entries() {
    return entries;
  }

  Listings listings() {
    return listings;
  }

  UsageLedger usage() {
    return usage;
  }

  InodeNumbers numbers() {
    return numbers;
  }

  Reclaimer reclaimer() {
    return reclaimer;
  }

  ChangeIndex changes() {
    return changes;
  }

  NameHash hash() {
    return hash;
  }

  Tiers tiers() {
    return tiers;
  }

  Generations generations() {
    return generations;
  }

  ColdChunks coldChunks() {
    return coldChunks;
  }

  DirtyInodes dirty() {
    return dirty;
  }

  /** The time now, as files carry it. */
  Time now() {
    Instant now = config.clock().now();
    return new Time(now.getEpochSecond(), now.getNano());
  }

  /** A state after somebody wrote. */
  InodeState written(Credentials who, InodeState state) {
    Time now = now();
    AttributesBuilder next = new AttributesBuilder(state.attributes()).modified(now).touch(now);
    if (!who.privileged()) {
      next.mode(Access.withoutSetIds(state.attributes().mode()));
    }
    return tiers.written(state.with(next.build()));
  }

  /** Runs background work, after {@code sequence} is durable; not at all if it never is. */
  void whenDurable(long sequence, Runnable work) {
    store()
        .whenDurable(
            sequence,
            durable -> {
              if (durable) {
                config.background().execute(work);
              }
            });
  }

  /** The inode {@code ino}, loaded. ESTALE if there is none. */
  Inode load(Operation operation, long ino) throws FsException {
    Inode inode = table.obtain(ino);
    if (!inode.loaded()) {
      fill(inode, operation.blocking());
    }
    if (inode.gone()) {
      throw new FsException(Errno.ESTALE);
    }
    return inode;
  }

  /**
   * Loads an inode. Its lock is only tried: the caller may hold others, in no order with this one.
   */
  private void fill(Inode inode, Blocking blocking) throws FsException {
    while (!inode.loaded()) {
      if (inode.tryLock()) {
        try {
          fillLocked(inode, blocking);
        } finally {
          inode.unlock();
        }
      } else if (blocking == Blocking.FORBIDDEN) {
        throw WouldBlock.INSTANCE;
      } else {
        LockSupport.parkNanos(this, FILL_RETRY_NANOS);
      }
    }
    table.weigh(inode);
  }

  private void fillLocked(Inode inode, Blocking blocking) throws FsException {
    if (inode.loaded()) {
      return;
    }
    Optional<byte[]> bytes = store().get(Keys.inode(inode.ino()), blocking);
    if (bytes.isEmpty()) {
      throw new FsException(Errno.ESTALE);
    }
    InodeState state = InodeCodec.decode(inode.ino(), bytes.get(), store().appliedSequence());
    if (state.unlinked()) {
      throw new FsException(Errno.ESTALE); // Left by a crash: it is about to be removed.
    }
    inode.publish(state);
  }

  /** The state of {@code inode} now, on which the answer depends. ESTALE if it is gone. */
  InodeState live(Operation operation, Inode inode) throws FsException {
    InodeState state = inode.state();
    operation.dependOn(state.sequence());
    if (inode.gone()) {
      throw new FsException(Errno.ESTALE);
    }
    return state;
  }

  /** The state of a directory that the caller may search. */
  InodeState searchable(Operation operation, Inode directory) throws FsException {
    InodeState state = live(operation, directory);
    checkDirectory(state.type());
    Access.check(operation.credentials(), state.attributes(), Permission.EXECUTE);
    return state;
  }

  static void checkDirectory(FileType type) throws FsException {
    switch (type) {
      case DIRECTORY -> {}
      case SYMLINK -> throw new FsException(Errno.ELOOP);
      case REGULAR, FIFO, SOCKET, BLOCK, CHARACTER -> throw new FsException(Errno.ENOTDIR);
    }
  }

  static void checkName(byte[] name) throws FsException {
    if (name.length == 0) {
      throw new FsException(Errno.EINVAL);
    }
    if (name.length > Limits.NAME_BYTES) {
      throw new FsException(Errno.ENAMETOOLONG);
    }
  }

  /** The inode number that {@code name} means in {@code directory}; 0 if there is no such entry. */
  long resolve(Operation operation, Inode directory, byte[] name) {
    long key = hash.cookie(name);
    NameCache.Name known = names.find(directory.ino(), key, name);
    if (known != null) {
      operation.dependOn(directory.state().sequence());
      return known.ino();
    }
    InodeState before = directory.state();
    long ino =
        entries
            .find(directory.ino(), name, operation.blocking())
            .map(placed -> placed.entry().ino())
            .orElse(0L);
    if (directory.tryLock()) { // Then every change that could be read has been published.
      try {
        operation.dependOn(directory.state().sequence());
        if (same(directory.state(), before)) {
          names.put(directory.ino(), key, name.clone(), ino);
        }
      } finally {
        directory.unlock();
      }
    } else {
      operation.dependOn(store().appliedSequence());
    }
    return ino;
  }

  @SuppressWarnings("ReferenceEquality") // Each change publishes a new object.
  private static boolean same(InodeState a, InodeState b) {
    return a == b;
  }

  /** The inode that {@code name} means; null if there is none. */
  @Nullable Inode find(Operation operation, Inode directory, byte[] name) throws FsException {
    long ino = resolve(operation, directory, name);
    if (ino == 0) {
      return null;
    }
    try {
      return load(operation, ino);
    } catch (FsException e) {
      if (e.errno() != Errno.ESTALE) {
        throw e;
      }
    }
    directory.lock(operation.blocking()); // Removed since its name was read, or replaced: look.
    try {
      long now = resolve(operation, directory, name);
      return now == 0 ? null : load(operation, now);
    } catch (FsException e) {
      if (e.errno() == Errno.ESTALE) {
        return null;
      }
      throw e;
    } finally {
      directory.unlock();
    }
  }

  /** Where a name of an extended attribute stands in listings. */
  long xattrCookie(byte[] name) {
    return hash.hash(name) >>> 1 | 1; // Positive; two names of one inode never meet in practice.
  }

  /** Notes what a name means. The caller holds the directory's lock. */
  void remember(Inode directory, byte[] name, long ino) {
    names.put(directory.ino(), hash.cookie(name), name.clone(), ino);
  }

  /** Waits for a chunk store. Throws its {@link StoreFault}. */
  static void await(CompletableFuture<Void> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw fault(e.getCause());
    }
  }

  /** What made a future of a chunk store fail, as an exception to throw. */
  static RuntimeException fault(@Nullable Throwable cause) {
    if (cause instanceof StoreFault fault) {
      return fault;
    }
    StoreFault unknown = new StoreFault("the chunk store failed in an unknown way");
    if (cause != null) {
      unknown.addSuppressed(cause);
    }
    return unknown;
  }

  /** Takes the locks of all these inodes (without repetition), in the order of their numbers. */
  static Inode[] lockAll(Blocking blocking, Inode... inodes) {
    Inode[] ordered = distinct(inodes);
    int taken = 0;
    try {
      while (taken < ordered.length) {
        ordered[taken].lock(blocking);
        taken++;
      }
      return ordered;
    } finally {
      if (taken < ordered.length) {
        while (taken > 0) {
          ordered[--taken].unlock();
        }
      }
    }
  }

  static void unlockAll(Inode[] locked) {
    for (Inode each : locked) {
      each.unlock();
    }
  }

  private static Inode[] distinct(Inode[] inodes) {
    Inode[] sorted = inodes.clone();
    Arrays.sort(sorted, (a, b) -> Long.compareUnsigned(a.ino(), b.ino()));
    int count = 0;
    for (Inode each : sorted) {
      if (count == 0 || sorted[count - 1] != each) {
        sorted[count++] = each;
      }
    }
    return count == sorted.length ? sorted : Arrays.copyOf(sorted, count);
  }
}
