package tidefs.nfs4;

import tidefs.fs.AttributeChanges;
import tidefs.fs.Attributes;
import tidefs.fs.Change;
import tidefs.fs.Created;
import tidefs.fs.Device;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.NewInode;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.ChangeInfo;
import tidefs.nfs4.op.Create;
import tidefs.nfs4.op.Link;
import tidefs.nfs4.op.ReadDir;
import tidefs.nfs4.op.Remove;
import tidefs.nfs4.op.Rename;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Opaque;

/** Operations on the entries of directories. */
final class Directories {
  /** Cookies are stable for ever, so one verifier does. */
  private static final long COOKIE_VERIFIER = 0;

  /** Cookies that NFSv4 keeps to itself (RFC 8881 §18.23.3). */
  private static final long LAST_RESERVED_COOKIE = 2;

  private Directories() {}

  /** CREATE (RFC 8881 §18.4): everything but regular files. Devices are an extension. */
  static Reply create(Compound c, Create call) throws Refused, FsException {
    c.checkWritable();
    Volume volume = c.volume();
    Inode directory = directory(c);
    FileType type =
        switch (call.type()) {
          case DIRECTORY -> FileType.DIRECTORY;
          case SYMBOLIC_LINK -> FileType.SYMLINK;
          case SOCKET -> FileType.SOCKET;
          case FIFO -> FileType.FIFO;
          case BLOCK_DEVICE -> extension(c, FileType.BLOCK);
          case CHARACTER_DEVICE -> extension(c, FileType.CHARACTER);
          case REGULAR, ATTRIBUTE_DIRECTORY, NAMED_ATTRIBUTE, UNASSIGNED ->
              throw new Refused(Status.BADTYPE);
        };
    Namespace.checkName(call.name());
    if (type == FileType.SYMLINK && call.linkText().isEmpty()) {
      throw new Refused(Status.INVAL);
    }
    if (call.attributes().has(Attribute.SIZE)) {
      throw new Refused(Status.INVAL);
    }
    AttributeChanges attributes = FileAttributes.initial(call.attributes());
    Created made =
        volume
            .fileSystem()
            .create(
                c.operation(volume),
                directory,
                call.name().array(),
                new NewInode(
                    type,
                    attributes,
                    call.linkText().array(),
                    new Device(call.deviceMajor(), call.deviceMinor()),
                    0));
    c.current().go(volume, made.inode());
    return new Create.Ok(changeInfo(made.directory()), call.attributes().given());
  }

  private static FileType extension(Compound c, FileType type) throws Refused {
    if (!c.config().extensions()) {
      throw new Refused(Status.BADTYPE);
    }
    return type;
  }

  /** REMOVE (RFC 8881 §18.25). */
  static Reply remove(Compound c, Remove call) throws Refused, FsException {
    c.checkWritable();
    Volume volume = c.volume();
    Inode directory = directory(c);
    Namespace.checkName(call.name());
    Delegating.beforeRemoval(c, volume, directory, call.name().array());
    return new Remove.Ok(
        changeInfo(
            volume.fileSystem().remove(c.operation(volume), directory, call.name().array())));
  }

  /** RENAME (RFC 8881 §18.26), from the saved to the current directory. */
  static Reply rename(Compound c, Rename call) throws Refused, FsException {
    c.checkWritable();
    Volume volume = c.volume();
    Inode source = savedInode(c);
    Inode target = directory(c);
    Namespace.checkDirectory(source, Status.NOTDIR);
    Namespace.checkName(call.oldName());
    Namespace.checkName(call.newName());
    checkSameVolume(c, volume);
    Delegating.beforeRemoval(c, volume, source, call.oldName().array());
    Delegating.beforeRemoval(c, volume, target, call.newName().array());
    FileSystem.Renamed done =
        volume
            .fileSystem()
            .rename(
                c.operation(volume),
                source,
                call.oldName().array(),
                target,
                call.newName().array());
    return new Rename.Ok(changeInfo(done.source()), changeInfo(done.target()));
  }

  /** LINK (RFC 8881 §18.9), of the saved file in the current directory. */
  static Reply link(Compound c, Link call) throws Refused, FsException {
    c.checkWritable();
    Volume volume = c.volume();
    Inode inode = savedInode(c);
    Inode directory = directory(c);
    if (inode.type() == FileType.DIRECTORY) {
      throw new Refused(Status.ISDIR);
    }
    Namespace.checkName(call.newName());
    checkSameVolume(c, volume);
    Delegating.beforeChange(c, volume, inode);
    Change change =
        volume.fileSystem().link(c.operation(volume), inode, directory, call.newName().array());
    return new Link.Ok(changeInfo(change));
  }

  private static Inode savedInode(Compound c) throws Refused {
    Inode inode = c.saved().inode();
    if (inode == null) {
      throw new Refused(c.saved().isSet() ? Status.XDEV : Status.NOFILEHANDLE);
    }
    return inode;
  }

  private static void checkSameVolume(Compound c, Volume volume) throws Refused {
    if (c.saved().volume() != volume) {
      throw new Refused(Status.XDEV);
    }
  }

  private static Inode directory(Compound c) throws Refused {
    Inode inode = c.inode();
    Namespace.checkDirectory(inode, Status.NOTDIR);
    return inode;
  }

  static ChangeInfo changeInfo(Change change) {
    return new ChangeInfo(true, change.before(), change.after());
  }

  /** READDIR (RFC 8881 §18.23), straight into the reply. */
  static Reply readDir(Compound c, ReadDir call) throws Refused, FsException {
    if (!c.current().isSet()) {
      throw new Refused(Status.NOFILEHANDLE);
    }
    boolean pseudo = c.current().isPseudoRoot();
    if (!pseudo) {
      directory(c);
    }
    if (call.cookie() > 0 && call.cookie() <= LAST_RESERVED_COOKIE) {
      throw new Refused(Status.BAD_COOKIE);
    }
    if (call.cookie() != 0 && call.cookieVerifier() != COOKIE_VERIFIER) {
      throw new Refused(Status.NOT_SAME);
    }
    if (NodeAttributes.isWriteOnly(call.requested())) {
      throw new Refused(Status.INVAL);
    }
    int room = Math.min(c.room(), c.config().ioBytes());
    int most = Integer.compareUnsigned(call.maxBytes(), room) < 0 ? call.maxBytes() : room;
    ReadDir.Entries entries = new ReadDir.Entries(call, COOKIE_VERIFIER, most, c.out());
    boolean end = pseudo ? listPseudoRoot(c, call, entries) : list(c, call, entries);
    if ((entries.count() == 0 && !end) || most < 16) {
      throw new Refused(Status.TOOSMALL);
    }
    entries.end(end);
    return Signal.WRITTEN;
  }

  private static boolean list(Compound c, ReadDir call, ReadDir.Entries entries)
      throws Refused, FsException {
    Volume volume = c.volume();
    return volume
        .fileSystem()
        .list(
            c.operation(volume),
            c.inode(),
            call.cookie(),
            (cookie, name, _, attributes) ->
                entries.add(cookie, Opaque.wrap(name), c.attributes().of(volume, attributes)));
  }

  private static boolean listPseudoRoot(Compound c, ReadDir call, ReadDir.Entries entries)
      throws FsException {
    if (!(c.export().root() instanceof Export.Root.Shared root)) {
      return true;
    }
    long cookie = LAST_RESERVED_COOKIE;
    for (Export.PseudoRoot.Entry entry : root.pseudoRoot().entries()) {
      cookie++;
      if (cookie <= call.cookie()) {
        continue;
      }
      Volume volume = entry.volume();
      Attributes attributes =
          volume.fileSystem().attributes(c.operation(volume), volume.fileSystem().root());
      NodeAttributes source = c.attributes().of(volume, attributes, Namespace.PSEUDO_ROOT_INO);
      if (!entries.add(cookie, Opaque.utf8(entry.name()), source)) {
        return false;
      }
    }
    return true;
  }
}
