package tidefs.fs;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;

/**
 * Renaming. Directories move between parents one at a time in a file system, so that the way up
 * from the target, which must not meet the source, stays as it is meanwhile.
 */
final class Renamer {
  private final Core core;
  private final Namespace namespace;
  private final ReentrantLock moves = new ReentrantLock();

  /** What is renamed: names, directories, and the inodes that the names mean. */
  private record Plan(
      Inode source, byte[] from, Inode target, byte[] to, Inode moved, @Nullable Inode replaced) {
    boolean within() {
      return source == target;
    }

    boolean movesDirectory() {
      return moved.type() == FileType.DIRECTORY && !within();
    }

    Inode[] inodes() {
      return replaced == null
          ? new Inode[] {source, target, moved}
          : new Inode[] {source, target, moved, replaced};
    }
  }

  Renamer(Core core, Namespace namespace) {
    this.core = core;
    this.namespace = namespace;
  }

  FileSystem.Renamed rename(Operation operation, Inode source, byte[] from, Inode target, byte[] to)
      throws FsException {
    while (true) {
      core.searchable(operation, source);
      core.searchable(operation, target);
      Core.checkName(from);
      Core.checkName(to);
      Inode moved = core.find(operation, source, from);
      if (moved == null) {
        throw new FsException(Errno.ENOENT);
      }
      Inode replaced = core.find(operation, target, to);
      Plan plan = new Plan(source, from, target, to, moved, replaced);
      FileSystem.Renamed done = attempt(operation, plan);
      if (done != null) {
        return done;
      }
    }
  }

  private FileSystem.@Nullable Renamed attempt(Operation operation, Plan plan) throws FsException {
    if (!plan.movesDirectory()) {
      return locked(operation, plan);
    }
    if (!moves.tryLock()) {
      if (operation.blocking() == Blocking.FORBIDDEN) {
        throw WouldBlock.INSTANCE;
      }
      moves.lock();
    }
    try {
      checkNoLoop(operation, plan);
      namespace.checkDepth(operation, plan.target());
      return locked(operation, plan);
    } finally {
      moves.unlock();
    }
  }

  private void checkNoLoop(Operation operation, Plan plan) throws FsException {
    Inode at = plan.target();
    while (true) {
      if (at == plan.moved()) {
        throw new FsException(Errno.EINVAL);
      }
      if (at.ino() == InodeNumbers.ROOT) {
        return;
      }
      at = core.load(operation, at.state().parent());
    }
  }

  private FileSystem.@Nullable Renamed locked(Operation operation, Plan plan) throws FsException {
    Inode[] locked = Core.lockAll(operation.blocking(), plan.inodes());
    try {
      InodeState source = core.searchable(operation, plan.source());
      InodeState target = core.searchable(operation, plan.target());
      Blocking blocking = operation.blocking();
      Optional<DirectoryEntries.Placed> from =
          core.entries().find(plan.source().ino(), plan.from(), blocking);
      Optional<DirectoryEntries.Placed> to =
          core.resolve(operation, plan.target(), plan.to()) == 0 // Remembered, as a rule.
              ? Optional.empty()
              : core.entries().find(plan.target().ino(), plan.to(), blocking);
      if (!means(from, plan.moved()) || !means(to, plan.replaced())) {
        return null; // Another was faster: look again.
      }
      if (plan.moved() == plan.replaced()) {
        return new FileSystem.Renamed(
            Namespace.change(source, source), Namespace.change(target, target));
      }
      check(operation, plan, source, target);
      return move(operation, plan, from.orElseThrow(), to);
    } finally {
      Core.unlockAll(locked);
    }
  }

  private static boolean means(Optional<DirectoryEntries.Placed> placed, @Nullable Inode inode) {
    return placed.isEmpty()
        ? inode == null
        : inode != null && placed.get().entry().ino() == inode.ino();
  }

  private void check(Operation operation, Plan plan, InodeState source, InodeState target)
      throws FsException {
    Credentials who = operation.credentials();
    InodeState moved = core.live(operation, plan.moved());
    Namespace.checkRemovable(who, source, moved);
    Access.check(who, target.attributes(), Permission.WRITE);
    Namespace.checkLinked(target);
    if (plan.movesDirectory()) {
      Access.check(who, moved.attributes(), Permission.WRITE); // Its entry for the parent changes.
    }
    Inode replaced = plan.replaced();
    if (replaced == null) {
      return;
    }
    InodeState over = core.live(operation, replaced);
    Access.checkSticky(who, target.attributes(), over.attributes());
    boolean isDirectory = plan.moved().type() == FileType.DIRECTORY;
    boolean overDirectory = replaced.type() == FileType.DIRECTORY;
    if (isDirectory != overDirectory) {
      throw new FsException(isDirectory ? Errno.ENOTDIR : Errno.EISDIR);
    }
    Namespace.checkEmpty(over);
  }

  private FileSystem.Renamed move(
      Operation operation,
      Plan plan,
      DirectoryEntries.Placed from,
      Optional<DirectoryEntries.Placed> to)
      throws FsException {
    Time now = core.now();
    Update update = new Update(core, operation);
    FileSystem.Renamed renamed = changeDirectories(update, plan, now);
    moveEntry(update, operation, plan, from, to);
    update.name(plan.source(), plan.from(), 0);
    update.name(plan.target(), plan.to(), plan.moved().ino());
    InodeState moved = Namespace.relinked(plan.moved().state(), 0, now);
    boolean newParent = plan.movesDirectory();
    update.set(plan.moved(), newParent ? moved.withParent(plan.target().ino()) : moved);
    Inode replaced = plan.replaced();
    if (replaced != null) {
      core.reclaimer().unlink(update, replaced, replaced.state(), now);
    }
    update.apply();
    return renamed;
  }

  private void moveEntry(
      Update update,
      Operation operation,
      Plan plan,
      DirectoryEntries.Placed from,
      Optional<DirectoryEntries.Placed> to)
      throws FsException {
    DirectoryEntries entries = core.entries();
    Blocking blocking = operation.blocking();
    boolean sameHash = plan.within() && entries.cookie(plan.from()) == entries.cookie(plan.to());
    if (sameHash) {
      entries.renameInPlace(update.batch(), plan.source().ino(), from, plan.to(), to, blocking);
      return;
    }
    entries.remove(update.batch(), plan.source().ino(), from, blocking);
    if (to.isPresent()) {
      entries.replace(update.batch(), plan.target().ino(), to.get(), plan.moved());
    } else {
      DirectoryEntry entry = new DirectoryEntry(plan.moved(), plan.to());
      entries.add(update.batch(), plan.target().ino(), entry, blocking);
    }
  }

  private static FileSystem.Renamed changeDirectories(Update update, Plan plan, Time now) {
    InodeState source = plan.source().state();
    InodeState target = plan.target().state();
    int moving = plan.moved().type() == FileType.DIRECTORY ? 1 : 0;
    boolean replaces = plan.replaced() != null;
    InodeState without = Namespace.changed(source, -1, plan.from(), -moving, now);
    InodeState base = plan.within() ? without : target;
    InodeState with =
        replaces
            ? base.with(new AttributesBuilder(base.attributes()).modified(now).touch(now).build())
            : Namespace.changed(base, 1, plan.to(), moving, now);
    update.set(plan.target(), with);
    if (plan.within()) {
      Change both = Namespace.change(source, with);
      return new FileSystem.Renamed(both, both);
    }
    update.set(plan.source(), without);
    return new FileSystem.Renamed(
        Namespace.change(source, without), Namespace.change(target, with));
  }
}
