package tidefs.fs;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import tidefs.base.Blocking;

/** Writes contents and attributes of inodes as another file system has them. */
final class Copying {
  private final FileSystem fileSystem;
  private final Core core;
  private long covered;
  private boolean hadContents;

  Copying(FileSystem fileSystem, Core core) {
    this.fileSystem = fileSystem;
    this.core = core;
  }

  static Operation operation() {
    return new Operation(Credentials.ROOT, Blocking.ALLOWED);
  }

  Inode inode(long ino) throws FsException {
    return fileSystem.inode(operation(), ino);
  }

  /** Begins to write the contents of a file of {@code size} bytes. */
  void begin(Inode file, long size) throws FsException {
    covered = 0;
    hadContents = file.state().attributes().size() > 0;
    if (file.state().attributes().size() != size) {
      fileSystem.setAttributes(operation(), file, size(size), true);
    }
  }

  /** What comes next of the contents; what lies before and was not given is a hole. */
  void data(Inode file, long offset, ByteBuffer bytes) throws FsException {
    keep(file, offset, bytes.remaining());
    ByteBuffer direct = bytes;
    if (!bytes.isDirect()) {
      direct = ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip();
    }
    join(fileSystem.write(operation(), file, offset, direct, Stability.UNSTABLE));
  }

  /** What comes next of the contents is there already. */
  void keep(Inode file, long offset, int length) throws FsException {
    hole(file, offset);
    covered = offset + length;
  }

  /** The contents are complete, and durable once the result is. */
  void end(Inode file) throws FsException {
    hole(file, file.state().attributes().size());
    join(fileSystem.commit(operation(), file));
  }

  private void hole(Inode file, long end) throws FsException {
    long size = file.state().attributes().size();
    if (covered >= end || covered >= size) {
      return;
    }
    try {
      // A crash may have left bytes in a hole that nobody was promised: here they would stay.
      if (hadContents || fileSystem.seek(operation(), file, covered, true) < end) {
        fileSystem.punchHole(operation(), file, covered, end - covered);
      }
    } catch (FsException e) {
      if (e.errno() != Errno.ENXIO) {
        throw e;
      }
    }
  }

  /** Gives an inode the attributes and extended attributes of {@code node}, to the last bit. */
  void exact(Node node) throws FsException {
    Inode inode = inode(node.ino());
    inode.lock(Blocking.ALLOWED);
    try {
      InodeState state = core.live(operation(), inode);
      Update update = new Update(core, operation());
      if (state.xattrBytes() > 0) {
        ExtendedAttributes.removeAll(update, core.store(), inode.ino());
      }
      int bytes = xattrs(update, node);
      Attributes exact = exact(node.attributes(), state.attributes());
      update.set(inode, state.with(exact).withXattrBytes(bytes).withoutVerifier());
      update.apply();
    } finally {
      inode.unlock();
    }
  }

  /** Puts the extended attributes of {@code node}; returns what they count. */
  static int xattrs(Update update, Node node) {
    int bytes = 0;
    for (Xattr each : node.xattrs()) {
      update
          .batch()
          .put(Keys.xattr(node.ino(), each.name()), ExtendedAttributes.encode(each.value()));
      bytes += ExtendedAttributes.counted(each.name().length, each.value().length);
    }
    return bytes;
  }

  /** Theirs, but for what follows from names and layout here. */
  static Attributes exact(Attributes theirs, Attributes ours) {
    return new Attributes(
        ours.ino(),
        ours.type(),
        theirs.mode(),
        theirs.uid(),
        theirs.gid(),
        ours.links(),
        ours.size(),
        ours.spaceUsed(),
        theirs.change(),
        theirs.accessed(),
        theirs.modified(),
        theirs.changed(),
        theirs.created(),
        ours.device());
  }

  private static AttributeChanges size(long size) {
    return new AttributeChanges(
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.of(size),
        Optional.empty(),
        Optional.empty());
  }

  private static void join(java.util.concurrent.CompletableFuture<Void> future) throws FsException {
    try {
      future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof FsException refusal) {
        throw refusal;
      }
      throw Core.fault(e.getCause());
    }
  }
}
