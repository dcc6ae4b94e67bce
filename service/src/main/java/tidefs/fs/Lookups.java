package tidefs.fs;

import org.jspecify.annotations.Nullable;
import tidefs.base.WouldBlock;
import tidefs.store.Entries;

/** What is read of directories: names, parents, listings. */
final class Lookups {
  private final Core core;

  Lookups(Core core) {
    this.core = core;
  }

  Inode lookup(Operation operation, Inode directory, byte[] name) throws FsException {
    core.searchable(operation, directory);
    Core.checkName(name);
    Inode found = core.find(operation, directory, name);
    if (found == null) {
      throw new FsException(Errno.ENOENT);
    }
    operation.dependOn(found.state().sequence()); // Gone by now or not: it was there when found.
    return found;
  }

  Inode parent(Operation operation, Inode directory) throws FsException {
    InodeState state = core.searchable(operation, directory);
    if (directory.ino() == InodeNumbers.ROOT) {
      throw new FsException(Errno.ENOENT);
    }
    return core.load(operation, state.parent());
  }

  byte[] readLink(Operation operation, Inode link) throws FsException {
    InodeState state = core.live(operation, link);
    if (state.type() != FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL);
    }
    return state.data().clone();
  }

  boolean list(Operation operation, Inode directory, long cookie, EntrySink sink)
      throws FsException {
    InodeState state = core.live(operation, directory);
    Core.checkDirectory(state.type());
    Access.check(operation.credentials(), state.attributes(), Permission.READ);
    if (cookie < 0 || (cookie > 0 && cookie < NameHash.COLLISIONS)) {
      throw new FsException(Errno.EBADCOOKIE);
    }
    return new Walk(operation, directory, state, sink).from(cookie);
  }

  /** One listing. */
  private final class Walk {
    private final Operation operation;
    private final Inode directory;
    private final InodeState state;
    private final EntrySink sink;
    private boolean taken;

    Walk(Operation operation, Inode directory, InodeState state, EntrySink sink) {
      this.operation = operation;
      this.directory = directory;
      this.state = state;
      this.sink = sink;
    }

    /** Lists what follows {@code cookie}; true if that was all. */
    boolean from(long cookie) {
      long after = cookie;
      Listings.Stretch known = core.listings().find(directory.ino(), state, after);
      while (known != null) {
        int count = known.count();
        for (int i = known.after(after); i < count; i++) {
          if (!offer(known.cookie(i), known.entry(i))) {
            return false;
          }
          after = known.cookie(i);
        }
        if (known.toEnd()) {
          return true;
        }
        known = core.listings().find(directory.ino(), state, after);
      }
      return fromStore(after);
    }

    /** Lists from the store, and remembers what it reads. */
    private boolean fromStore(long after) {
      byte[] from = Keys.entry(directory.ino(), after + 1);
      byte[] to = Keys.entry(directory.ino() + 1, 0);
      Listings.Stretch stretch = new Listings.Stretch(after);
      try (Entries entries = core.store().scan(from, to, operation.blocking())) {
        while (entries.next()) {
          DirectoryEntry entry = DirectoryEntry.decode(entries.value());
          if (!entry.left()) {
            long cookie = Keys.cookie(entries.key());
            stretch.add(cookie, entry);
            if (!offer(cookie, entry)) {
              return false;
            }
          }
        }
        stretch.endsDirectory();
        return true;
      } catch (WouldBlock e) {
        if (taken) {
          return false; // What was taken is an answer; the next listing may wait.
        }
        throw e;
      } finally {
        dependOnEntries(operation, directory, state, stretch);
      }
    }

    /** Offers an entry; false if the listing ends before it. */
    private boolean offer(long cookie, DirectoryEntry entry) {
      InodeState of;
      try {
        of = stateOf(operation, entry.ino());
      } catch (WouldBlock e) {
        if (taken) {
          return false;
        }
        throw e;
      }
      if (of == null || of.unlinked()) {
        return true; // Removed since the listing began.
      }
      boolean fits = sink.entry(cookie, entry.name(), entry.ino(), of.attributes());
      taken |= fits;
      return fits;
    }
  }

  /**
   * The answer depends on the entries of {@code directory} that were just read from the store. If
   * it has not changed since {@code before}, they are remembered.
   */
  private void dependOnEntries(
      Operation operation, Inode directory, InodeState before, Listings.Stretch read) {
    if (directory.tryLock()) { // Then every change that could be read has been published.
      try {
        operation.dependOn(directory.state().sequence());
        if (isState(directory, before)) {
          core.listings().remember(directory.ino(), before, read);
        }
      } finally {
        directory.unlock();
      }
    } else {
      operation.dependOn(core.store().appliedSequence());
    }
  }

  @SuppressWarnings("ReferenceEquality") // Each change publishes a new object.
  private static boolean isState(Inode directory, InodeState state) {
    return directory.state() == state;
  }

  /** The state of an inode, from memory or the store; listing does not fill the cache. */
  private @Nullable InodeState stateOf(Operation operation, long ino) {
    Inode known = core.table().peek(ino);
    if (known != null) {
      InodeState state = known.state();
      operation.dependOn(state.sequence());
      return known.gone() ? null : state;
    }
    InodeState stored =
        core.store()
            .get(Keys.inode(ino), operation.blocking())
            .map(bytes -> InodeCodec.decode(ino, bytes, 0))
            .orElse(null);
    operation.dependOn(core.store().appliedSequence());
    return stored;
  }
}
