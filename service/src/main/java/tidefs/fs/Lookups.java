package tidefs.fs;

import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
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
    core.live(operation, found);
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
    byte[] from = Keys.entry(directory.ino(), cookie + 1);
    byte[] to = Keys.entry(directory.ino() + 1, 0);
    Blocking blocking = operation.blocking();
    boolean taken = false;
    try (Entries entries = core.store().scan(from, to, blocking)) {
      while (entries.next()) {
        DirectoryEntry entry = DirectoryEntry.decode(entries.value());
        if (entry.left()) {
          continue;
        }
        InodeState of = stateOf(operation, entry.ino());
        if (of == null || of.unlinked()) {
          continue; // Removed since the listing began.
        }
        long at = Keys.cookie(entries.key());
        if (!sink.entry(at, entry.name(), entry.ino(), of.attributes())) {
          return false;
        }
        taken = true;
      }
      return true;
    } catch (WouldBlock e) {
      if (taken) {
        return false; // What was taken is an answer; the next listing may wait.
      }
      throw e;
    } finally {
      dependOnEntries(operation, directory);
    }
  }

  /** The answer depends on the entries of {@code directory} that were just read from the store. */
  private void dependOnEntries(Operation operation, Inode directory) {
    if (directory.tryLock()) { // Then every change that could be read has been published.
      directory.unlock();
      operation.dependOn(directory.state().sequence());
    } else {
      operation.dependOn(core.store().appliedSequence());
    }
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
