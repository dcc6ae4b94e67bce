package tidefs.nfs4;

import tidefs.fs.AttributeChanges;
import tidefs.fs.Attributes;
import tidefs.fs.Created;
import tidefs.fs.Errno;
import tidefs.fs.FileSystem;
import tidefs.fs.FileType;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.NewInode;
import tidefs.fs.Operation;
import tidefs.fs.Permission;
import tidefs.nfs4.op.Attribute;
import tidefs.nfs4.op.ChangeInfo;
import tidefs.nfs4.op.CreateHow;
import tidefs.nfs4.op.Open;
import tidefs.nfs4.op.OpenClaim;
import tidefs.nfs4.op.OpenDelegation;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Client;
import tidefs.nfs4.state.OpenState;
import tidefs.nfs4.state.Owner;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;
import tidefs.xdr.Bitmap;
import tidefs.xdr.Opaque;

/** OPEN (RFC 8881 §18.16, RFC 7530 §16.16). */
final class Opening {
  private static final byte[] NO_TARGET = new byte[0];

  /** How often an OPEN looks again for a file that goes away under it. */
  private static final int MOST_TRIES = 8;

  private Opening() {}

  /**
   * The file that an OPEN found or made.
   *
   * @param mine whether this OPEN (or one that it repeats) made it: then mode bits do not matter
   */
  private record Found(
      Inode inode, boolean mine, ChangeInfo directory, Bitmap set, boolean truncate) {}

  static Reply open(Compound c, Open call) throws Refused, FsException {
    if (c.minorVersion() > 0) {
      Client client = c.client();
      if (client == null) {
        throw new Refused(Status.OP_NOT_IN_SESSION);
      }
      return perform(c, call, client.openOwner(call.owner().owner()));
    }
    Client client = c.domain().clients().confirmed(call.owner().clientId());
    Owner owner = client.openOwner(call.owner().owner());
    Reply repeated = OwnerTurns.beginOpen(c, owner, call.seqid());
    return repeated != null ? repeated : perform(c, call, owner);
  }

  private static Reply perform(Compound c, Open call, Owner owner) throws Refused, FsException {
    if (!c.current().isSet()) {
      throw new Refused(Status.NOFILEHANDLE);
    }
    int access = checkShares(c, call);
    boolean reclaims = call.claim() instanceof OpenClaim.Reclaim;
    Client client = owner.client();
    if (c.current().isPseudoRoot()) {
      throw new Refused(call.claim() instanceof OpenClaim.ByName ? Status.NOENT : Status.ISDIR);
    }
    Volume volume = c.volume();
    if (call.how().creates() || (access & Share.ACCESS_WRITE) != 0) {
      c.checkWritable();
    }
    if (reclaims) {
      volume.recovery().checkReclaim(client);
    } else {
      volume.recovery().checkNew(client);
    }
    Operation operation = c.operation(volume);
    // Before a file is made: this may have to wait, and then the OPEN is done from its start again.
    volume.recovery().record(operation, client, volume);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Found found = find(c, call);
      OpenState open = openFound(c, call, owner, access, found);
      if (isThere(volume, operation, found.inode)) {
        return opened(c, call, owner, found, open);
      }
      // It was removed before the open kept it alive.
      volume.opens().discard(open);
      if (found.mine) {
        return madeInVain(c, found, open);
      }
      // The same name may mean another file now.
    }
    throw new Refused(Status.DELAY);
  }

  /**
   * Others have seen the file that this OPEN made, so it has to have succeeded; now it is stale.
   */
  private static Reply madeInVain(Compound c, Found found, OpenState open) throws Refused {
    c.current().go(c.volume(), found.inode);
    c.current().stateId(open.id());
    return new Open.Ok(
        open.id(),
        found.directory,
        Open.Ok.LOCKTYPE_POSIX,
        found.set,
        OpenDelegation.None.INSTANCE);
  }

  private static boolean isThere(Volume volume, Operation operation, Inode inode) {
    try {
      var _ = volume.fileSystem().attributes(operation, inode);
      return true;
    } catch (FsException gone) {
      return false;
    }
  }

  private static OpenState openFound(Compound c, Open call, Owner owner, int access, Found found)
      throws Refused, FsException {
    Volume volume = c.volume();
    checkOpenable(found.inode, c.minorVersion());
    if (!found.mine) {
      boolean byName = call.claim() instanceof OpenClaim.ByName;
      checkPermission(c, found.inode, access, !byName);
    }
    Client client = owner.client();
    if ((access & Share.ACCESS_WRITE) != 0 && c.config().extensions()) {
      c.guard().begin(volume.delegations(), found.inode.ino());
    }
    volume.opens().checkOpen(client, found.inode, access, call.shareDeny());
    if (found.truncate) {
      truncate(volume, c.operation(volume), found.inode);
    }
    return volume.opens().open(owner, found.inode, access, call.shareDeny());
  }

  private static Reply opened(Compound c, Open call, Owner owner, Found found, OpenState open)
      throws FsException, Refused {
    Volume volume = c.volume();
    Operation operation = c.operation(volume);
    boolean reclaims = call.claim() instanceof OpenClaim.Reclaim;
    open.opener(operation.credentials().uid());
    int flags = Open.Ok.LOCKTYPE_POSIX;
    if (c.minorVersion() > 0 || owner.isConfirmed() || reclaims) {
      owner.confirm();
      open.confirm();
    } else {
      flags |= Open.Ok.CONFIRM;
    }
    c.guard().end(); // From here on the open itself is in the way of others' delegations.
    Delegating.Wish wish = Delegating.wish(c, call, volume, found.inode);
    long change = volume.fileSystem().attributes(operation, found.inode).change();
    OpenDelegation delegation =
        Delegating.grant(c, wish, owner.client(), volume, found.inode, change);
    c.current().go(volume, found.inode);
    c.current().stateId(open.id());
    return new Open.Ok(open.id(), found.directory, flags, found.set, delegation);
  }

  /** Checks share_access and share_deny; returns the access without what a delegation wants. */
  private static int checkShares(Compound c, Open call) throws Refused {
    int allowed = Share.mask(c.minorVersion());
    int access = call.shareAccess() & Share.ACCESS_BOTH;
    if (access == 0
        || (call.shareAccess() & ~allowed) != 0
        || (call.shareAccess() & Share.WANT_DELEGATION_MASK) > Share.MOST_WANTED
        || (call.shareDeny() & ~Share.DENY_BOTH) != 0) {
      throw new Refused(Status.INVAL);
    }
    if (call.shareDeny() != Share.DENY_NONE && !c.config().shareDeny()) {
      throw new Refused(Status.NOTSUPP);
    }
    return access;
  }

  private static Found find(Compound c, Open call) throws Refused, FsException {
    return switch (call.claim()) {
      case OpenClaim.ByName claim -> {
        Namespace.checkDirectory(c.inode(), c.minorVersion() == 0 ? Status.NOTDIR : Status.SYMLINK);
        Namespace.checkName(claim.name());
        yield byName(c, call.how(), claim.name());
      }
      case OpenClaim.ByHandle _, OpenClaim.Reclaim _ -> {
        if (call.how().creates() && call.claim() instanceof OpenClaim.ByHandle) {
          throw new Refused(Status.INVAL);
        }
        yield current(c);
      }
      case OpenClaim.DelegateCurrent claim -> {
        Namespace.checkDirectory(c.inode(), c.minorVersion() == 0 ? Status.NOTDIR : Status.SYMLINK);
        Namespace.checkName(claim.name());
        yield delegated(c, call, claim.delegation(), existing(c, claim.name(), false));
      }
      case OpenClaim.DelegateCurrentByHandle claim ->
          delegated(c, call, claim.delegation(), current(c));
      case OpenClaim.DelegatePrevious _, OpenClaim.DelegatePreviousByHandle _ ->
          throw new Refused(Status.NOTSUPP);
    };
  }

  private static Found current(Compound c) throws Refused {
    return new Found(c.inode(), false, new ChangeInfo(true, 0, 0), Bitmap.EMPTY, false);
  }

  /** An open that the client's delegation covered until now. */
  private static Found delegated(Compound c, Open call, StateId delegation, Found found)
      throws Refused {
    if (!c.config().extensions()) {
      throw new Refused(Status.NOTSUPP);
    }
    if (call.how().creates()) {
      throw new Refused(Status.INVAL);
    }
    Delegating.checkCurrent(c, delegation, found.inode);
    return found;
  }

  private static Found byName(Compound c, CreateHow how, Opaque name) throws Refused, FsException {
    return switch (how) {
      case CreateHow.No _ -> existing(c, name, false);
      case CreateHow.Unchecked call -> unchecked(c, call.attributes(), name);
      case CreateHow.Guarded call -> {
        AttributeChanges attributes = FileAttributes.initial(call.attributes());
        yield made(c, name, attributes, 0, call.attributes().given());
      }
      case CreateHow.Exclusive call ->
          made(c, name, AttributeChanges.NONE, verifier(call.verifier()), Bitmap.EMPTY);
      case CreateHow.ExclusiveWithAttributes call -> {
        AttributeChanges attributes = FileAttributes.initial(call.attributes());
        Bitmap given = call.attributes().given();
        yield made(c, name, attributes, verifier(call.verifier()), given);
      }
    };
  }

  /** The file system takes 0 for no verifier. */
  private static long verifier(long given) {
    return given == 0 ? 1 : given;
  }

  private static Found unchecked(Compound c, tidefs.nfs4.op.AttributeChanges asked, Opaque name)
      throws Refused, FsException {
    AttributeChanges attributes = FileAttributes.initial(asked);
    boolean truncate = asked.has(Attribute.SIZE) && asked.size() == 0;
    while (true) {
      try {
        return existing(c, name, truncate);
      } catch (FsException refused) {
        if (refused.errno() != Errno.ENOENT) {
          throw refused;
        }
      }
      try {
        return made(c, name, attributes, 0, asked.given());
      } catch (FsException refused) {
        if (refused.errno() != Errno.EEXIST) {
          throw refused; // Else someone else has just made it.
        }
      }
    }
  }

  private static Found existing(Compound c, Opaque name, boolean truncate)
      throws Refused, FsException {
    Volume volume = c.volume();
    FileSystem fileSystem = volume.fileSystem();
    Operation operation = c.operation(volume);
    Inode inode = fileSystem.lookup(operation, c.inode(), name.array());
    Attributes directory = fileSystem.attributes(operation, c.inode());
    ChangeInfo unchanged = new ChangeInfo(true, directory.change(), directory.change());
    Bitmap set = truncate ? Bitmap.of(Attribute.SIZE) : Bitmap.EMPTY;
    return new Found(inode, false, unchanged, set, truncate);
  }

  private static Found made(
      Compound c, Opaque name, AttributeChanges attributes, long verifier, Bitmap set)
      throws Refused, FsException {
    Volume volume = c.volume();
    NewInode what = new NewInode(FileType.REGULAR, attributes, NO_TARGET, verifier);
    Created created =
        volume.fileSystem().create(c.operation(volume), c.inode(), name.array(), what);
    return new Found(
        created.inode(), true, Directories.changeInfo(created.directory()), set, false);
  }

  private static void checkOpenable(Inode inode, int minorVersion) throws Refused {
    switch (inode.type()) {
      case REGULAR -> {}
      case DIRECTORY -> throw new Refused(Status.ISDIR);
      case SYMLINK -> throw new Refused(Status.SYMLINK);
      case FIFO, SOCKET, BLOCK, CHARACTER ->
          throw new Refused(minorVersion == 0 ? Status.SYMLINK : Status.WRONG_TYPE);
    }
  }

  /** Mode bits; what may be executed may be read for it. */
  private static void checkPermission(Compound c, Inode inode, int access, boolean ownerMayAlways)
      throws Refused, FsException {
    Volume volume = c.volume();
    FileSystem fileSystem = volume.fileSystem();
    Operation operation = c.operation(volume);
    int bits =
        fileSystem.permitted(
            operation, inode, Permission.READ | Permission.WRITE | Permission.EXECUTE);
    boolean reads =
        (access & Share.ACCESS_READ) == 0
            || (bits & Permission.READ) != 0
            || (access == Share.ACCESS_READ && (bits & Permission.EXECUTE) != 0);
    boolean writes = (access & Share.ACCESS_WRITE) == 0 || (bits & Permission.WRITE) != 0;
    if (reads && writes) {
      return;
    }
    int owner = fileSystem.attributes(operation, inode).uid();
    if (!ownerMayAlways || owner != operation.credentials().uid()) {
      throw new Refused(Status.ACCESS);
    }
  }

  private static void truncate(Volume volume, Operation operation, Inode inode) throws FsException {
    AttributeChanges empty =
        new AttributeChanges(
            AttributeChanges.NONE.mode(),
            AttributeChanges.NONE.uid(),
            AttributeChanges.NONE.gid(),
            java.util.OptionalLong.of(0),
            AttributeChanges.NONE.accessed(),
            AttributeChanges.NONE.modified());
    var _ = volume.fileSystem().setAttributes(operation, inode, empty, false);
  }
}
