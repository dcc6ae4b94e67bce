package tidefs.server.client;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tidefs.base.Blocking;
import tidefs.control.AccessPoint;
import tidefs.control.RootDirectory;
import tidefs.fs.AttributeChanges;
import tidefs.fs.Credentials;
import tidefs.fs.Errno;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.NewInode;
import tidefs.fs.Operation;

/** The directory that an access point shows; made when it is first needed, if that is wanted. */
final class AccessPointRoot {
  private static final byte[] NO_TARGET = {};
  private static final int OCTAL = 8;

  private AccessPointRoot() {}

  /** The directory, which is durable when this returns. NOENT, NOTDIR. */
  static Inode open(FileSystem fileSystem, AccessPoint accessPoint) throws FsException {
    RootDirectory wanted = accessPoint.rootDirectory();
    Operation operation = new Operation(Credentials.ROOT, Blocking.ALLOWED);
    Inode at = fileSystem.root();
    for (String name : wanted.path().split("/", -1)) {
      if (!name.isEmpty()) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        at = step(fileSystem, operation, at, bytes, wanted.creationInfo());
      }
    }
    if (operation.dependsOn() > 0) {
      fileSystem.store().awaitDurable(operation.dependsOn());
    }
    return at;
  }

  private static Inode step(
      FileSystem in,
      Operation operation,
      Inode directory,
      byte[] name,
      Optional<RootDirectory.CreationInfo> creation)
      throws FsException {
    Inode found;
    try {
      found = in.lookup(operation, directory, name);
    } catch (FsException e) {
      if (e.errno() != Errno.ENOENT || creation.isEmpty()) {
        throw e;
      }
      found = make(in, operation, directory, name, creation.get());
    }
    if (found.type() != FileType.DIRECTORY) {
      throw new FsException(Errno.ENOTDIR);
    }
    return found;
  }

  private static Inode make(
      FileSystem in,
      Operation operation,
      Inode directory,
      byte[] name,
      RootDirectory.CreationInfo creation)
      throws FsException {
    AttributeChanges attributes =
        new AttributeChanges(
            OptionalInt.of(Integer.parseInt(creation.permissions(), OCTAL)),
            OptionalInt.of((int) creation.ownerUid()),
            OptionalInt.of((int) creation.ownerGid()),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());
    try {
      NewInode what = new NewInode(FileType.DIRECTORY, attributes, NO_TARGET, 0);
      return in.create(operation, directory, name, what).inode();
    } catch (FsException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      return in.lookup(operation, directory, name); // Another client's first mount made it.
    }
  }
}
