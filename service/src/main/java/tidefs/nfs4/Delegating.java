package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.fs.FileSystem;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.nfs4.op.DelegReturn;
import tidefs.nfs4.op.Open;
import tidefs.nfs4.op.OpenClaim;
import tidefs.nfs4.op.OpenDelegation;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.CallbackPath;
import tidefs.nfs4.state.Client;
import tidefs.nfs4.state.Delegation;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Session;
import tidefs.nfs4.state.Volume;

/**
 * Delegations (RFC 8881 §10.4): which OPEN is given one, and what has to wait until one is back.
 *
 * <p>Who asks for a delegation gets it if nothing is against it. Who says nothing, as Linux does,
 * gets one to read once he comes back to a file, for then it spares him the way; never one to
 * write, so that what a program has closed is at the server.
 */
final class Delegating {
  private static final int READ_TYPE = 1;
  private static final int WRITE_TYPE = 2;

  private Delegating() {}

  /**
   * What an OPEN shall have.
   *
   * @param kind null for none
   * @param otherwise the answer if it has none in the end
   * @param reclaimed whether it had it before a restart: then it has to return it at once, since
   *     nothing is remembered of those that were revoked
   */
  record Wish(@Nullable Kind kind, OpenDelegation otherwise, boolean reclaimed) {
    private static final Wish NOTHING = new Wish(null, OpenDelegation.None.INSTANCE, false);

    private static Wish refused(OpenDelegation.Why why) {
      return new Wish(null, new OpenDelegation.Refused(why), false);
    }
  }

  /** A delegation's kind. */
  enum Kind {
    READ,
    WRITE;

    Delegation.Kind inState() {
      return this == READ ? Delegation.Kind.READ : Delegation.Kind.WRITE;
    }
  }

  /** What an OPEN of {@code inode} shall have if nothing is against it. */
  static Wish wish(Compound c, Open call, Volume volume, Inode inode) {
    int want = call.shareAccess() & Share.WANT_DELEGATION_MASK;
    Session session = c.session();
    if (session == null) {
      return Wish.NOTHING; // Of 4.0: it would have to be called where it listens.
    }
    boolean silent = want == Share.WANT_NO_PREFERENCE;
    if (want == Share.WANT_NO_DELEGATION || want == Share.WANT_CANCEL) {
      return Wish.refused(
          want == Share.WANT_CANCEL ? OpenDelegation.Why.CANCELLED : OpenDelegation.Why.NOT_WANTED);
    }
    if (!c.config().extensions()) {
      return silent ? Wish.NOTHING : Wish.refused(OpenDelegation.Why.NOT_SUPPORTED_FILE_TYPE);
    }
    return switch (call.claim()) {
      case OpenClaim.Reclaim claim -> reclaimed(claim.delegationType());
      case OpenClaim.DelegateCurrent _,
          OpenClaim.DelegateCurrentByHandle _,
          OpenClaim.DelegatePrevious _,
          OpenClaim.DelegatePreviousByHandle _ ->
          Wish.NOTHING;
      case OpenClaim.ByName _, OpenClaim.ByHandle _ -> {
        Kind kind = kind(call.shareAccess(), want, session.client(), volume, inode);
        CallbackPath path = session.callbacks();
        if (kind == null || path == null || !path.isUp()) {
          yield silent ? Wish.NOTHING : Wish.refused(OpenDelegation.Why.RESOURCE);
        }
        yield silent
            ? new Wish(kind, OpenDelegation.None.INSTANCE, false)
            : new Wish(kind, new OpenDelegation.Refused(OpenDelegation.Why.CONTENTION), false);
      }
    };
  }

  private static Wish reclaimed(int type) {
    return switch (type) {
      case READ_TYPE -> new Wish(Kind.READ, OpenDelegation.None.INSTANCE, true);
      case WRITE_TYPE -> new Wish(Kind.WRITE, OpenDelegation.None.INSTANCE, true);
      default -> Wish.NOTHING;
    };
  }

  private static @Nullable Kind kind(
      int shareAccess, int want, Client client, Volume volume, Inode inode) {
    int access = shareAccess & Share.ACCESS_BOTH;
    return switch (want) {
      case Share.WANT_NO_PREFERENCE ->
          access == Share.ACCESS_READ && volume.delegations().comesBack(client.id(), inode.ino())
              ? Kind.READ
              : null;
      case Share.WANT_READ_DELEGATION -> access == Share.ACCESS_READ ? Kind.READ : null;
      default ->
          switch (access) {
            case Share.ACCESS_READ -> Kind.READ;
            case Share.ACCESS_BOTH -> Kind.WRITE;
            default -> null;
          };
    };
  }

  /** Fulfils the wish of an OPEN that has succeeded, if that is possible. */
  static OpenDelegation grant(
      Compound c, Wish wish, Client client, Volume volume, Inode inode, long change) {
    Kind kind = wish.kind;
    if (kind == null) {
      return wish.otherwise;
    }
    int opener = c.operation(volume).credentials().uid();
    Delegation granted = volume.opens().delegate(client, inode, kind.inState(), opener, change);
    if (granted == null) {
      return wish.otherwise;
    }
    if (wish.reclaimed) {
      granted.recalledFromTheStart(c.domain().nanos());
    }
    return new OpenDelegation.Granted(granted.id(), kind == Kind.WRITE, wish.reclaimed);
  }

  /** Checks that an OPEN which a delegation covered until now comes with that delegation. */
  static void checkCurrent(Compound c, tidefs.nfs4.op.StateId id, Inode inode) throws Refused {
    Client client = c.client();
    if (client == null || c.domain().stateIds().delegation(id, client).file().inode() != inode) {
      throw new Refused(Status.BAD_STATEID);
    }
  }

  /** DELEGRETURN (RFC 8881 §18.6). */
  static Reply giveBack(Compound c, DelegReturn call) throws Refused {
    Client client = c.client();
    if (client == null) {
      throw new Refused(Status.NOTSUPP);
    }
    Inode inode = c.inode();
    Delegation delegation =
        c.domain().stateIds().delegation(StateChecks.meant(c, call.stateId()), client);
    if (delegation.file().inode() != inode) {
      throw new Refused(Status.BAD_STATEID);
    }
    delegation.file().end(delegation, false);
    return Reply.of(Status.OK);
  }

  /**
   * The operation changes {@code inode}, not by an open that everyone knows of: nobody is given a
   * delegation of it until the operation has ended, and those that others have are recalled.
   *
   * @throws Refused DELAY until they are back
   */
  static void beforeChange(Compound c, Volume volume, Inode inode) throws Refused {
    if (c.config().extensions()) {
      c.guard().begin(volume.delegations(), inode.ino());
      volume.opens().recall(c.client(), inode, true);
    }
  }

  /** The operation looks at what another client may have changed in its memory alone. */
  static void beforeUse(Compound c, Volume volume, Inode inode) throws Refused {
    if (volume.delegations().anyWrites()) {
      volume.opens().recall(c.client(), inode, false);
    }
  }

  /** The operation changes what {@code name} means; if it means nothing, others will say so. */
  static void beforeRemoval(Compound c, Volume volume, Inode directory, byte[] name)
      throws Refused {
    if (!volume.delegations().any()) {
      return;
    }
    FileSystem fileSystem = volume.fileSystem();
    Inode inode;
    try {
      inode = fileSystem.lookup(c.operation(volume), directory, name);
    } catch (FsException refused) {
      return;
    }
    beforeChange(c, volume, inode);
  }
}
