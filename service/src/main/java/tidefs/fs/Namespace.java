package tidefs.fs;

import java.util.Optional;
import tidefs.base.Blocking;

/** Making, linking and removing names. */
final class Namespace {
  private final Core core;
  private final Sizes sizes;

  Namespace(Core core, Sizes sizes) {
    this.core = core;
    this.sizes = sizes;
  }

  Created create(Operation operation, Inode directory, byte[] name, NewInode what)
      throws FsException {
    core.searchable(operation, directory);
    Core.checkName(name);
    checkNew(what);
    long found = core.resolve(operation, directory, name); // Also fetches what the lock needs.
    if (found == 0 && what.type() == FileType.DIRECTORY) {
      checkDepth(operation, directory);
    }
    directory.lock(operation.blocking());
    try {
      InodeState state = core.searchable(operation, directory);
      found = core.resolve(operation, directory, name);
      if (found == 0) {
        long ino = core.numbers().next(operation.blocking());
        return make(operation, directory, state, name, what, ino);
      }
    } finally {
      directory.unlock();
    }
    return existing(operation, directory, found, what);
  }

  private Created existing(Operation operation, Inode directory, long ino, NewInode what)
      throws FsException {
    if (what.type() == FileType.REGULAR && what.verifier() != 0) {
      Inode inode = core.load(operation, ino);
      InodeState state = core.live(operation, inode);
      if (state.type() == FileType.REGULAR && state.verifier() == what.verifier()) {
        long change = directory.state().attributes().change();
        return new Created(inode, false, new Change(change, change));
      }
    }
    throw new FsException(Errno.EEXIST);
  }

  /** Makes an inode of a number that no inode has, under a name that is not there. */
  Inode createAs(Operation operation, Inode directory, byte[] name, NewInode what, long ino)
      throws FsException {
    directory.lock(operation.blocking());
    try {
      InodeState state = core.searchable(operation, directory);
      return make(operation, directory, state, name, what, ino).inode();
    } finally {
      directory.unlock();
    }
  }

  private Created make(
      Operation operation, Inode directory, InodeState state, byte[] name, NewInode what, long ino)
      throws FsException {
    Access.check(operation.credentials(), state.attributes(), Permission.WRITE);
    checkLinked(state);
    Time now = core.now();
    InodeState made =
        sizes.grown(
            newState(operation.credentials(), state.attributes(), ino, directory.ino(), what, now),
            what.attributes().size().orElse(0));
    Inode inode = core.table().obtainNew(ino);
    inode.lock(Blocking.ALLOWED); // New, so higher than all, and nobody holds it for long.
    try {
      Update update = new Update(core, operation);
      int subdirectories = what.type() == FileType.DIRECTORY ? 1 : 0;
      InodeState after = changed(state, 1, name, subdirectories, now);
      DirectoryEntry entry = new DirectoryEntry(ino, what.type(), false, name);
      core.entries().add(update.batch(), directory.ino(), entry, operation.blocking());
      update.name(directory, name, ino);
      update.set(directory, after);
      update.add(inode, made);
      update.apply();
      inode.fresh(true);
      return new Created(inode, true, change(state, after));
    } finally {
      inode.unlock();
    }
  }

  private static InodeState newState(
      Credentials who, Attributes directory, long ino, long parent, NewInode what, Time now)
      throws FsException {
    AttributeChanges wanted = what.attributes();
    boolean inherits = Access.setsGroup(directory);
    int gid = wanted.gid().orElse(inherits ? directory.gid() : who.gid());
    int uid = wanted.uid().orElse(who.uid());
    boolean groupMayBe = who.in(gid) || (inherits && gid == directory.gid());
    if (what.type().isDevice() && !who.privileged()) {
      throw new FsException(Errno.EPERM); // As mknod(2): a device could give away the machine.
    }
    if (!who.privileged() && (uid != who.uid() || !groupMayBe)) {
      throw new FsException(Errno.EPERM);
    }
    int mode = Access.allowedMode(who, wanted.mode().orElse(0) & 07777, gid);
    boolean directoryInherits = inherits && what.type() == FileType.DIRECTORY;
    Attributes attributes =
        new AttributesBuilder(ino, what.type(), now)
            .mode(directoryInherits ? Access.withSetGroup(mode) : mode)
            .uid(uid)
            .gid(gid)
            .device(what.device())
            .accessed(AttributeSetter.time(wanted.accessed(), now, now))
            .modified(AttributeSetter.time(wanted.modified(), now, now))
            .build();
    return switch (what.type()) {
      case REGULAR ->
          new InodeState(
              attributes, 0, 0, 0, FileLayout.empty(0), InodeState.NO_DATA, what.verifier(), 0);
      case SYMLINK -> {
        Attributes sized = new AttributesBuilder(attributes).size(what.target().length).build();
        yield new InodeState(sized, 0, 0, 0, FileLayout.NONE, what.target().clone(), 0, 0);
      }
      case DIRECTORY ->
          new InodeState(attributes, parent, 0, 0, FileLayout.NONE, InodeState.NO_DATA, 0, 0);
      case FIFO, SOCKET, BLOCK, CHARACTER ->
          new InodeState(attributes, 0, 0, 0, FileLayout.NONE, InodeState.NO_DATA, 0, 0);
    };
  }

  private static void checkNew(NewInode what) throws FsException {
    if (what.type() == FileType.SYMLINK) {
      if (what.target().length == 0) {
        throw new FsException(Errno.EINVAL);
      }
      if (what.target().length > Limits.SYMLINK_BYTES) {
        throw new FsException(Errno.ENAMETOOLONG);
      }
    }
    if (what.attributes().size().isPresent()) {
      if (what.type() != FileType.REGULAR) {
        throw new FsException(Errno.EINVAL);
      }
      Sizes.check(what.attributes().size().getAsLong());
    }
  }

  /** ENAMETOOLONG if a directory in {@code directory} would lie too deep. */
  void checkDepth(Operation operation, Inode directory) throws FsException {
    Inode at = directory;
    for (int depth = 1; at.ino() != InodeNumbers.ROOT; depth++) {
      if (depth >= Limits.DEPTH) {
        throw new FsException(Errno.ENAMETOOLONG);
      }
      at = core.load(operation, at.state().parent());
    }
  }

  Change link(Operation operation, Inode inode, Inode directory, byte[] name) throws FsException {
    if (inode.type() == FileType.DIRECTORY) {
      throw new FsException(Errno.EPERM);
    }
    core.searchable(operation, directory);
    Core.checkName(name);
    core.resolve(operation, directory, name);
    Inode[] locked = Core.lockAll(operation.blocking(), inode, directory);
    try {
      InodeState state = core.searchable(operation, directory);
      InodeState linked = core.live(operation, inode);
      if (core.resolve(operation, directory, name) != 0) {
        throw new FsException(Errno.EEXIST);
      }
      Access.check(operation.credentials(), state.attributes(), Permission.WRITE);
      checkLinked(state);
      checkLinked(linked);
      if (linked.attributes().links() >= Limits.LINKS) {
        throw new FsException(Errno.EMLINK);
      }
      Time now = core.now();
      Update update = new Update(core, operation);
      InodeState after = changed(state, 1, name, 0, now);
      core.entries()
          .add(
              update.batch(),
              directory.ino(),
              new DirectoryEntry(inode, name),
              operation.blocking());
      update.name(directory, name, inode.ino());
      update.set(inode, relinked(linked, 1, now));
      update.set(directory, after);
      update.apply();
      return change(state, after);
    } finally {
      Core.unlockAll(locked);
    }
  }

  Change remove(Operation operation, Inode directory, byte[] name) throws FsException {
    while (true) {
      core.searchable(operation, directory);
      Core.checkName(name);
      Inode child = core.find(operation, directory, name);
      if (child == null) {
        throw new FsException(Errno.ENOENT);
      }
      Inode[] locked = Core.lockAll(operation.blocking(), directory, child);
      try {
        InodeState state = core.searchable(operation, directory);
        Optional<DirectoryEntries.Placed> placed =
            core.entries().find(directory.ino(), name, operation.blocking());
        if (placed.isPresent() && placed.get().entry().ino() == child.ino()) {
          return remove(operation, directory, state, child, placed.get());
        }
      } finally {
        Core.unlockAll(locked);
      }
    }
  }

  private Change remove(
      Operation operation,
      Inode directory,
      InodeState state,
      Inode child,
      DirectoryEntries.Placed placed)
      throws FsException {
    InodeState removed = core.live(operation, child);
    checkRemovable(operation.credentials(), state, removed);
    checkEmpty(removed);
    Time now = core.now();
    byte[] name = placed.entry().name();
    Update update = new Update(core, operation);
    update.batch().essential(); // It frees space, if all is full.
    InodeState after = changed(state, -1, name, child.type() == FileType.DIRECTORY ? -1 : 0, now);
    core.entries().remove(update.batch(), directory.ino(), placed, operation.blocking());
    update.name(directory, name, 0);
    update.set(directory, after);
    core.reclaimer().unlink(update, child, removed, now);
    update.apply();
    return change(state, after);
  }

  /** EACCES or EPERM unless {@code who} may take {@code entry} out of {@code directory}. */
  static void checkRemovable(Credentials who, InodeState directory, InodeState entry)
      throws FsException {
    Access.check(who, directory.attributes(), Permission.WRITE);
    Access.checkSticky(who, directory.attributes(), entry.attributes());
  }

  static void checkEmpty(InodeState removed) throws FsException {
    if (removed.entries() != 0) {
      throw new FsException(Errno.ENOTEMPTY);
    }
  }

  /** ENOENT if an inode has lost its last name: it gets no new one. */
  static void checkLinked(InodeState state) throws FsException {
    if (state.unlinked()) {
      throw new FsException(Errno.ENOENT);
    }
  }

  /** A directory with one entry more or less. */
  static InodeState changed(
      InodeState directory, int entries, byte[] name, int subdirectories, Time now) {
    Attributes attributes =
        new AttributesBuilder(directory.attributes())
            .addLinks(subdirectories)
            .modified(now)
            .touch(now)
            .build();
    return directory
        .with(attributes)
        .withEntries(entries, entries * DirectoryEntry.meteredBytes(name));
  }

  static InodeState relinked(InodeState state, int links, Time now) {
    return state.with(new AttributesBuilder(state.attributes()).addLinks(links).touch(now).build());
  }

  static Change change(InodeState before, InodeState after) {
    return new Change(before.attributes().change(), after.attributes().change());
  }
}
