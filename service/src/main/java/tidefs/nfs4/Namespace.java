package tidefs.nfs4;

import java.util.List;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.nfs4.op.ComponentName;
import tidefs.nfs4.op.FileHandle;
import tidefs.nfs4.op.GetFh;
import tidefs.nfs4.op.Lookup;
import tidefs.nfs4.op.PutFh;
import tidefs.nfs4.op.ReadLink;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.SecInfo;
import tidefs.nfs4.op.SecInfoNoName;
import tidefs.nfs4.op.SecurityFlavors;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Handles;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Opaque;

/** Operations that move the current file handle, and those that tell how to get somewhere. */
final class Namespace {
  /** The only handle of volume 0 is the pseudo root's: there is nothing in it to be guessed. */
  static final Handles PSEUDO_HANDLES = new Handles(0, new byte[16]);

  /** The inode number of the pseudo root. */
  static final long PSEUDO_ROOT_INO = 1;

  private static final Reply OK = Reply.of(Status.OK);
  private static final SecurityFlavors FLAVORS =
      new SecurityFlavors(List.of(SecurityFlavors.AUTH_SYS, SecurityFlavors.AUTH_NONE));

  private Namespace() {}

  /** PUTFH (RFC 8881 §18.19). */
  static Reply putFh(Compound c, PutFh call) throws Refused, FsException {
    goTo(c, call.handle());
    return OK;
  }

  /** Goes to the file of a handle. BADHANDLE, STALE. */
  static void goTo(Compound c, FileHandle handle) throws Refused, FsException {
    long number = Handles.volumeOf(handle);
    if (number == 0) {
      if (!(c.export().root() instanceof Export.Root.Shared)
          || PSEUDO_HANDLES.ino(handle) != PSEUDO_ROOT_INO) {
        throw new Refused(Status.STALE);
      }
      c.current().goToPseudoRoot();
      return;
    }
    Volume volume = readable(volume(c, number));
    long ino = volume.handles().ino(handle);
    c.current().go(volume, volume.fileSystem().inode(c.operation(volume), ino));
  }

  /** The volume, if its key may be used; else IO. */
  private static Volume readable(Volume volume) throws Refused {
    if (!volume.isReadable()) {
      throw new Refused(Status.IO);
    }
    return volume;
  }

  /** The volume with this number, if the connection sees it; else STALE. */
  private static Volume volume(Compound c, long number) throws Refused {
    return switch (c.export().root()) {
      case Export.Root.Directory root -> {
        if (root.volume().number() != number) {
          throw new Refused(Status.STALE);
        }
        yield root.volume();
      }
      case Export.Root.Shared root ->
          root.pseudoRoot().volume(number).orElseThrow(() -> new Refused(Status.STALE));
      case Export.Root.Closed closed -> throw new Refused(closed.why());
    };
  }

  /** PUTROOTFH and PUTPUBFH (RFC 8881 §18.21, §18.20). */
  static Reply putRootFh(Compound c) throws Refused, FsException {
    switch (c.export().root()) {
      case Export.Root.Directory root -> c.current().go(readable(root.volume()), inode(c, root));
      case Export.Root.Closed closed -> throw new Refused(closed.why());
      case Export.Root.Shared _ -> c.current().goToPseudoRoot();
    }
    return OK;
  }

  /** The directory as it is in memory now; a root other than the file system's may have left it. */
  private static Inode inode(Compound c, Export.Root.Directory root) throws FsException {
    FileSystem in = root.volume().fileSystem();
    return root.inode() == in.root()
        ? root.inode()
        : in.inode(c.operation(root.volume()), root.inode().ino());
  }

  /** GETFH (RFC 8881 §18.8). */
  static Reply getFh(Compound c) throws Refused {
    if (c.current().isPseudoRoot()) {
      return new GetFh.Ok(PSEUDO_HANDLES.of(PSEUDO_ROOT_INO));
    }
    return new GetFh.Ok(c.volume().handles().of(c.inode().ino()));
  }

  /** SAVEFH (RFC 8881 §18.28). */
  static Reply saveFh(Compound c) throws Refused {
    if (!c.current().isSet()) {
      throw new Refused(Status.NOFILEHANDLE);
    }
    c.saved().copy(c.current());
    return OK;
  }

  /** RESTOREFH (RFC 8881 §18.27). */
  static Reply restoreFh(Compound c) throws Refused {
    if (!c.saved().isSet()) {
      throw new Refused(c.minorVersion() == 0 ? Status.RESTOREFH : Status.NOFILEHANDLE);
    }
    c.current().copy(c.saved());
    return OK;
  }

  /** LOOKUP (RFC 8881 §18.13). */
  static Reply lookup(Compound c, Lookup call) throws Refused, FsException {
    if (c.current().isPseudoRoot()) {
      checkName(call.name());
      Volume volume = readable(below(c, call.name()));
      c.current().go(volume, volume.fileSystem().root());
      return OK;
    }
    Inode directory = c.inode();
    checkDirectory(directory, Status.SYMLINK);
    checkName(call.name());
    Volume volume = c.volume();
    Inode found = volume.fileSystem().lookup(c.operation(volume), directory, call.name().array());
    c.current().go(volume, found);
    return OK;
  }

  private static Volume below(Compound c, Opaque name) throws Refused {
    if (c.export().root() instanceof Export.Root.Shared root) {
      return root.pseudoRoot().lookup(name.asText()).orElseThrow(() -> new Refused(Status.NOENT));
    }
    throw new Refused(Status.NOENT);
  }

  /** LOOKUPP (RFC 8881 §18.14). The root of the export has no parent. */
  static Reply lookupP(Compound c) throws Refused, FsException {
    if (c.current().isPseudoRoot()) {
      throw new Refused(Status.NOENT);
    }
    Inode directory = c.inode();
    checkDirectory(directory, c.minorVersion() == 0 ? Status.NOTDIR : Status.SYMLINK);
    Volume volume = c.volume();
    switch (c.export().root()) {
      case Export.Root.Directory root -> {
        checkBelow(c, directory, root);
      }
      case Export.Root.Closed closed -> throw new Refused(closed.why());
      case Export.Root.Shared _ -> {
        if (directory == volume.fileSystem().root()) {
          c.current().goToPseudoRoot();
          return OK;
        }
      }
    }
    c.current().go(volume, volume.fileSystem().parent(c.operation(volume), directory));
    return OK;
  }

  /**
   * Refuses the way up from the root of an export, and from a directory outside of it, which a
   * client may have the handle of.
   */
  private static void checkBelow(Compound c, Inode directory, Export.Root.Directory root)
      throws Refused, FsException {
    FileSystem in = root.volume().fileSystem();
    long rootIno = root.inode().ino();
    if (directory.ino() == rootIno) {
      throw new Refused(Status.NOENT);
    }
    if (root.inode() == in.root()) {
      return;
    }
    for (Inode at = directory; at.ino() != rootIno; ) {
      if (at == in.root()) {
        throw new Refused(Status.NOENT);
      }
      at = in.parent(c.operation(root.volume()), at);
    }
  }

  /** READLINK (RFC 8881 §18.24). */
  static Reply readLink(Compound c) throws Refused, FsException {
    if (c.current().isPseudoRoot() || c.inode().type() != FileType.SYMLINK) {
      throw new Refused(Statuses.wrongType(c.minorVersion()));
    }
    Volume volume = c.volume();
    return new ReadLink.Ok(
        Opaque.wrap(volume.fileSystem().readLink(c.operation(volume), c.inode())));
  }

  /** SECINFO (RFC 8881 §18.29). In 4.1 there is no current file handle afterwards. */
  static Reply secInfo(Compound c, SecInfo call) throws Refused, FsException {
    if (c.current().isPseudoRoot()) {
      checkName(call.name());
      var _ = below(c, call.name());
    } else {
      checkDirectory(c.inode(), Status.NOTDIR);
      checkName(call.name());
      Volume volume = c.volume();
      var _ = volume.fileSystem().lookup(c.operation(volume), c.inode(), call.name().array());
    }
    if (c.minorVersion() > 0) {
      c.current().clear();
    }
    return FLAVORS;
  }

  /** SECINFO_NO_NAME (RFC 8881 §18.45). */
  static Reply secInfoNoName(Compound c, SecInfoNoName call) throws Refused, FsException {
    if (!c.current().isSet()) {
      throw new Refused(Status.NOFILEHANDLE);
    }
    if (call.ofParent()) {
      var _ = lookupP(c);
    }
    c.current().clear();
    return FLAVORS;
  }

  /** Refuses what is no valid name. */
  static void checkName(Opaque name) throws Refused {
    Status status = ComponentName.check(name);
    if (status != Status.OK) {
      throw new Refused(status);
    }
  }

  /** Refuses what is no directory, a symbolic link with a status of its own. */
  static void checkDirectory(Inode inode, Status ifSymlink) throws Refused {
    if (inode.type() != FileType.DIRECTORY) {
      throw new Refused(inode.type() == FileType.SYMLINK ? ifSymlink : Status.NOTDIR);
    }
  }
}
