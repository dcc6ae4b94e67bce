package tidefs.fs;

import java.util.Optional;
import java.util.OptionalLong;
import tidefs.base.Blocking;
import tidefs.base.WouldBlock;
import tidefs.store.ChunkStore;

/** Sets attributes: who may, and what follows. */
final class AttributeSetter {
  private static final long SHRINK_STEP_BYTES =
      (long) Limits.SHRINK_STEP_MAPS * ChunkStore.CHUNK_BYTES;

  private final Core core;
  private final Sizes sizes;

  AttributeSetter(Core core, Sizes sizes) {
    this.core = core;
    this.sizes = sizes;
  }

  Attributes set(Operation operation, Inode inode, AttributeChanges changes, boolean writable)
      throws FsException {
    inode.lock(operation.blocking());
    try {
      InodeState state = core.live(operation, inode);
      check(operation.credentials(), state.attributes(), changes, writable);
      if (changes.size().isPresent()) {
        return setWithSize(operation, inode, changes, writable);
      }
      InodeState next = next(operation.credentials(), state, changes);
      if (changes.equals(AttributeChanges.NONE)) {
        return state.attributes();
      }
      Update update = new Update(core, operation);
      update.set(inode, next);
      update.apply();
      return inode.state().attributes();
    } finally {
      inode.unlock();
    }
  }

  private Attributes setWithSize(
      Operation operation, Inode file, AttributeChanges changes, boolean writable)
      throws FsException {
    long size = changes.size().getAsLong();
    FileIo io = file.io();
    io.enterExclusive(operation.blocking());
    try {
      if (size > 0) {
        sizes.syncRedo(file, operation.blocking());
      }
      InodeState state = core.live(operation, file);
      while (state.layout().sparse()
          && state.attributes().size() - SHRINK_STEP_BYTES > Math.max(size, 1)
          && size > 0) {
        if (operation.blocking() == Blocking.FORBIDDEN) {
          throw WouldBlock.INSTANCE;
        }
        check(operation.credentials(), state.attributes(), changes, writable);
        resize(
            operation, file, AttributeChanges.NONE, state.attributes().size() - SHRINK_STEP_BYTES);
        state = core.live(operation, file);
      }
      sizes.prepare(file, size, operation.blocking());
      state = core.live(operation, file);
      check(operation.credentials(), state.attributes(), changes, writable);
      resize(operation, file, changes, size);
      core.table().weigh(file);
      return file.state().attributes();
    } finally {
      io.leaveExclusive();
      core.reclaimer().afterUse(file);
    }
  }

  private void resize(Operation operation, Inode file, AttributeChanges changes, long size) {
    Update update = new Update(core, operation);
    if (size < file.state().attributes().size()) {
      update.batch().essential(); // It frees space, if all is full.
    }
    InodeState next = next(operation.credentials(), file.state(), changes);
    next = core.tiers().written(next);
    sizes.set(update, file, next, size, operation.blocking());
    update.apply();
  }

  private static void check(
      Credentials who, Attributes attributes, AttributeChanges changes, boolean writable)
      throws FsException {
    checkSize(who, attributes, changes.size(), writable);
    boolean owns = Access.owns(who, attributes);
    if (changes.mode().isPresent() && !owns) {
      throw new FsException(Errno.EPERM);
    }
    if (changes.uid().isPresent()
        && !who.privileged()
        && (!owns || changes.uid().getAsInt() != attributes.uid())) {
      throw new FsException(Errno.EPERM);
    }
    if (changes.gid().isPresent() && !who.privileged()) {
      int gid = changes.gid().getAsInt();
      if (!owns || (gid != attributes.gid() && !who.in(gid))) {
        throw new FsException(Errno.EPERM);
      }
    }
    checkTime(who, attributes, changes.accessed(), writable);
    checkTime(who, attributes, changes.modified(), writable);
  }

  private static void checkSize(
      Credentials who, Attributes attributes, OptionalLong size, boolean writable)
      throws FsException {
    if (size.isEmpty()) {
      return;
    }
    switch (attributes.type()) {
      case REGULAR -> {}
      case DIRECTORY -> throw new FsException(Errno.EISDIR);
      case SYMLINK, FIFO, SOCKET, BLOCK, CHARACTER -> throw new FsException(Errno.EINVAL);
    }
    Sizes.check(size.getAsLong());
    if (!writable) {
      Access.check(who, attributes, Permission.WRITE);
    }
  }

  private static void checkTime(
      Credentials who,
      Attributes attributes,
      Optional<AttributeChanges.TimeChange> change,
      boolean writable)
      throws FsException {
    if (change.isEmpty() || Access.owns(who, attributes)) {
      return;
    }
    switch (change.get()) {
      case AttributeChanges.TimeChange.Now _ -> {
        if (!writable) {
          Access.check(who, attributes, Permission.WRITE);
        }
      }
      case AttributeChanges.TimeChange.To _ -> throw new FsException(Errno.EPERM);
    }
  }

  private InodeState next(Credentials who, InodeState state, AttributeChanges changes) {
    Attributes before = state.attributes();
    Time now = core.now();
    AttributesBuilder next = new AttributesBuilder(before).touch(now);
    int gid = changes.gid().orElse(before.gid());
    int mode = before.mode();
    boolean chowned = changes.uid().isPresent() || changes.gid().isPresent();
    boolean written = changes.size().isPresent() && !who.privileged();
    if (before.type() != FileType.DIRECTORY && (chowned || written)) {
      mode = Access.withoutSetIds(mode);
    }
    if (changes.mode().isPresent()) {
      mode = Access.allowedMode(who, changes.mode().getAsInt() & 07777, gid);
    }
    next.mode(mode).gid(gid).uid(changes.uid().orElse(before.uid()));
    Time modified = changes.size().isPresent() ? now : before.modified();
    next.modified(time(changes.modified(), now, modified));
    next.accessed(time(changes.accessed(), now, now));
    return state.with(next.build()).withoutVerifier();
  }

  /** The time that a change gives; {@code otherwise} if there is none. */
  static Time time(Optional<AttributeChanges.TimeChange> change, Time now, Time otherwise) {
    if (change.isEmpty()) {
      return otherwise;
    }
    return switch (change.get()) {
      case AttributeChanges.TimeChange.Now _ -> now;
      case AttributeChanges.TimeChange.To to -> to.time();
    };
  }
}
