package tidefs.nfs4;

import tidefs.nfs4.op.Close;
import tidefs.nfs4.op.OpenConfirm;
import tidefs.nfs4.op.OpenDowngrade;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.OpenState;
import tidefs.nfs4.state.OwnedState;
import tidefs.nfs4.state.Refused;

/** What becomes of an open: OPEN_CONFIRM, OPEN_DOWNGRADE, CLOSE. */
final class OpenChanges {
  private OpenChanges() {}

  /** OPEN_CONFIRM (RFC 7530 §16.18). */
  static Reply confirm(Compound c, OpenConfirm call) throws Refused {
    var _ = c.inode();
    OwnedState any = c.domain().stateIds().any(call.stateId());
    Reply repeated = OwnerTurns.begin(c, any.open().owner(), call.seqid());
    if (repeated != null) {
      return repeated;
    }
    OpenState open = ofCurrentFile(c, call.stateId());
    if (open.isConfirmed()) {
      throw new Refused(Status.BAD_STATEID);
    }
    open.file().confirm(open);
    return new OpenConfirm.Ok(open.id());
  }

  /** OPEN_DOWNGRADE (RFC 8881 §18.18). */
  static Reply downgrade(Compound c, OpenDowngrade call) throws Refused {
    var _ = c.inode();
    StateId id = StateChecks.meant(c, call.stateId());
    Reply repeated = begin(c, id, call.seqid());
    if (repeated != null) {
      return repeated;
    }
    OpenState open = ofCurrentFile(c, id);
    if (!open.isConfirmed()) {
      throw new Refused(Status.BAD_STATEID);
    }
    int access = call.shareAccess() & Share.ACCESS_BOTH;
    int allowed = Share.mask(c.minorVersion());
    if (access == 0
        || (call.shareAccess() & ~allowed) != 0
        || (call.shareDeny() & ~Share.DENY_BOTH) != 0) {
      throw new Refused(Status.INVAL);
    }
    open.file().downgrade(open, access, call.shareDeny());
    c.current().stateId(open.id());
    return new OpenDowngrade.Ok(open.id());
  }

  /** CLOSE (RFC 8881 §18.2). It frees the locks of the open, as 4.1 wants and 4.0 allows. */
  static Reply close(Compound c, Close call) throws Refused {
    var _ = c.inode();
    StateId id = StateChecks.meant(c, call.stateId());
    Reply repeated = begin(c, id, call.seqid());
    if (repeated != null) {
      return repeated;
    }
    OpenState open = ofCurrentFile(c, id);
    boolean old = c.minorVersion() == 0;
    open.file().close(open, old);
    StateId closed = old ? open.id() : StateId.INVALID;
    c.current().stateId(closed);
    if (!old) {
      open.client().forgetIfIdle(open.owner());
    }
    return new Close.Ok(closed);
  }

  private static @org.jspecify.annotations.Nullable Reply begin(Compound c, StateId id, int seqid)
      throws Refused {
    if (c.minorVersion() > 0) {
      return null;
    }
    return OwnerTurns.begin(c, c.domain().stateIds().any(id).open().owner(), seqid);
  }

  private static OpenState ofCurrentFile(Compound c, StateId id) throws Refused {
    OpenState open = c.domain().stateIds().open(id, c.client());
    if (open.file().inode() != c.inode()) {
      throw new Refused(Status.BAD_STATEID);
    }
    return open;
  }
}
