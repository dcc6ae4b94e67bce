package tidefs.fs;

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
    return new DirectoryWalk(core, operation, directory, state, sink).from(cookie);
  }
}
