package tidefs.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.base.Blocking;
import tidefs.store.Entries;
import tidefs.store.View;

/**
 * The extended attributes of files and directories, of the user's namespace alone: a record each,
 * beside the inode, which tells how much they count. They are metered like data, in blocks.
 */
final class ExtendedAttributes {
  private static final byte FORMAT = 1;

  private final Core core;

  ExtendedAttributes(Core core) {
    this.core = core;
  }

  /** An attribute's name and its place in a listing. */
  private record Listed(long cookie, byte[] name) {}

  /** What an attribute counts against the limit of its inode. */
  static int counted(int nameBytes, int valueBytes) {
    return nameBytes + valueBytes + Limits.XATTR_OVERHEAD_BYTES;
  }

  static byte[] decode(byte[] stored) {
    byte[] value = new byte[stored.length - 1];
    System.arraycopy(stored, 1, value, 0, value.length);
    return value;
  }

  static byte[] encode(byte[] value) {
    byte[] stored = new byte[value.length + 1];
    stored[0] = FORMAT;
    System.arraycopy(value, 0, stored, 1, value.length);
    return stored;
  }

  /** Removes all attributes of an inode that goes. */
  static void removeAll(Update update, View store, long ino) {
    try (Entries all = scan(store, ino, update.blocking())) {
      while (all.next()) {
        update.batch().delete(all.key());
      }
    }
  }

  /** All attributes of an inode. */
  static List<Xattr> all(View store, long ino) {
    List<Xattr> found = new ArrayList<>();
    try (Entries all = scan(store, ino, Blocking.ALLOWED)) {
      while (all.next()) {
        found.add(new Xattr(Keys.xattrName(all.key()), decode(all.value())));
      }
    }
    return found;
  }

  private static Entries scan(View store, long ino, Blocking blocking) {
    byte[] none = {};
    return store.scan(Keys.xattr(ino, none), Keys.xattr(ino + 1, none), blocking);
  }

  byte[] value(Operation operation, Inode inode, byte[] name) throws FsException {
    check(operation, core.live(operation, inode), Permission.READ);
    checkName(name);
    Optional<byte[]> stored = core.store().get(Keys.xattr(inode.ino(), name), operation.blocking());
    operation.dependOn(core.store().appliedSequence());
    return decode(stored.orElseThrow(() -> new FsException(Errno.ENODATA)));
  }

  Change set(Operation operation, Inode inode, byte[] name, byte[] value, XattrExistence existence)
      throws FsException {
    checkName(name);
    if (value.length > Limits.XATTR_VALUE_BYTES) {
      throw new FsException(Errno.E2BIG);
    }
    inode.lock(operation.blocking());
    try {
      InodeState state = changeable(operation, inode);
      byte[] key = Keys.xattr(inode.ino(), name);
      Optional<byte[]> before = core.store().get(key, operation.blocking());
      switch (existence) {
        case EITHER -> {}
        case ABSENT -> {
          if (before.isPresent()) {
            throw new FsException(Errno.EEXIST);
          }
        }
        case PRESENT -> {
          if (before.isEmpty()) {
            throw new FsException(Errno.ENODATA);
          }
        }
      }
      int total = state.xattrBytes() + counted(name.length, value.length);
      total -= before.map(old -> counted(name.length, old.length - 1)).orElse(0);
      if (total > Limits.XATTR_TOTAL_BYTES) {
        throw new FsException(Errno.ENOSPC);
      }
      Update update = new Update(core, operation);
      update.batch().put(key, encode(value));
      return apply(update, inode, state, total);
    } finally {
      inode.unlock();
    }
  }

  Change remove(Operation operation, Inode inode, byte[] name) throws FsException {
    checkName(name);
    inode.lock(operation.blocking());
    try {
      InodeState state = changeable(operation, inode);
      byte[] key = Keys.xattr(inode.ino(), name);
      byte[] before =
          core.store()
              .get(key, operation.blocking())
              .orElseThrow(() -> new FsException(Errno.ENODATA));
      Update update = new Update(core, operation);
      update.batch().delete(key);
      int counted = counted(name.length, before.length - 1);
      return apply(update, inode, state, state.xattrBytes() - counted);
    } finally {
      inode.unlock();
    }
  }

  private Change apply(Update update, Inode inode, InodeState state, int total) {
    Attributes touched = new AttributesBuilder(state.attributes()).touch(core.now()).build();
    update.set(inode, state.with(touched).withXattrBytes(total));
    update.apply();
    return new Change(state.attributes().change(), touched.change());
  }

  boolean list(Operation operation, Inode inode, long cookie, XattrSink sink) throws FsException {
    check(operation, core.live(operation, inode), Permission.READ);
    for (Listed each : names(operation, inode)) {
      if (each.cookie() > cookie && !sink.accept(each.cookie(), each.name())) {
        return false;
      }
    }
    return true;
  }

  /** All names, few as they are, in an order that is the same however they change. */
  private List<Listed> names(Operation operation, Inode inode) {
    List<Listed> names = new ArrayList<>();
    try (Entries all = scan(core.store(), inode.ino(), operation.blocking())) {
      while (all.next()) {
        byte[] name = Keys.xattrName(all.key());
        names.add(new Listed(core.xattrCookie(name), name));
      }
    }
    operation.dependOn(core.store().appliedSequence());
    names.sort((a, b) -> Long.compare(a.cookie(), b.cookie()));
    return names;
  }

  private InodeState changeable(Operation operation, Inode inode) throws FsException {
    InodeState state = core.live(operation, inode);
    check(operation, state, Permission.WRITE);
    if (state.type() == FileType.DIRECTORY) {
      Access.checkSticky(operation.credentials(), state.attributes(), state.attributes());
    }
    return state;
  }

  private static void check(Operation operation, InodeState state, int wanted) throws FsException {
    if (state.type() != FileType.REGULAR && state.type() != FileType.DIRECTORY) {
      throw new FsException(Errno.ENOTREG);
    }
    Access.check(operation.credentials(), state.attributes(), wanted);
  }

  private static void checkName(byte[] name) throws FsException {
    if (name.length == 0) {
      throw new FsException(Errno.EINVAL);
    }
    if (name.length > Limits.XATTR_NAME_BYTES) {
      throw new FsException(Errno.ENAMETOOLONG);
    }
  }
}
