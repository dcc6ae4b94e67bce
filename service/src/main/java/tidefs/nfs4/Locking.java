package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Lock;
import tidefs.nfs4.op.LockDenied;
import tidefs.nfs4.op.LockT;
import tidefs.nfs4.op.LockType;
import tidefs.nfs4.op.LockU;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.StateOwner;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Client;
import tidefs.nfs4.state.Conflict;
import tidefs.nfs4.state.LockState;
import tidefs.nfs4.state.OpenState;
import tidefs.nfs4.state.Owner;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Volume;

/** Byte-range locks (RFC 8881 §18.10 to §18.12). */
final class Locking {
  private Locking() {}

  /** LOCK. Whoever would wait is told DENIED, and asks again. */
  static Reply lock(Compound c, Lock call) throws Refused {
    checkFile(c);
    long last = last(call.offset(), call.length());
    return switch (call.locker()) {
      case Lock.NewOwner locker -> lockFirst(c, call, locker, last);
      case Lock.ExistingOwner locker -> lockMore(c, call, locker, last);
    };
  }

  private static Reply lockFirst(Compound c, Lock call, Lock.NewOwner locker, long last)
      throws Refused {
    StateId id = StateChecks.meant(c, locker.openStateId());
    boolean old = c.minorVersion() == 0;
    if (old) {
      Owner opener = c.domain().stateIds().any(id).open().owner();
      Reply repeated = OwnerTurns.begin(c, opener, locker.openSeqid());
      if (repeated != null) {
        return repeated;
      }
    }
    OpenState open = c.domain().stateIds().open(id, c.client());
    checkOpen(c, call, open);
    if (old && open.client().id() != locker.owner().clientId()) {
      throw new Refused(Status.BAD_STATEID);
    }
    Owner owner = open.client().lockOwner(locker.owner().owner());
    LockState known = open.file().knownLockState(owner);
    if (old && known != null) {
      // The owner has a stateid here already: only the number that follows its last is good.
      owner.checkNext(locker.lockSeqid());
    }
    LockState lock = known != null ? known : open.file().lockState(owner, open);
    owner.startAt(locker.lockSeqid());
    try {
      return perform(c, call, lock, last);
    } finally {
      if (known == null) { // Its stateid was told to nobody, unless there is a lock now.
        lock.file().discardIfEmpty(lock);
      }
    }
  }

  private static Reply lockMore(Compound c, Lock call, Lock.ExistingOwner locker, long last)
      throws Refused {
    StateId id = StateChecks.meant(c, locker.lockStateId());
    if (c.minorVersion() == 0) {
      Owner owner = c.domain().stateIds().any(id).owner();
      Reply repeated = OwnerTurns.begin(c, owner, locker.lockSeqid());
      if (repeated != null) {
        return repeated;
      }
    }
    LockState lock = c.domain().stateIds().lock(id, c.client());
    checkOpen(c, call, lock.open());
    return perform(c, call, lock, last);
  }

  private static void checkOpen(Compound c, Lock call, OpenState open) throws Refused {
    if (open.file().inode() != c.inode() || !open.isConfirmed()) {
      throw new Refused(Status.BAD_STATEID);
    }
    int needed = call.type().isExclusive() ? Share.ACCESS_WRITE : Share.ACCESS_READ;
    if ((open.access() & needed) == 0) {
      throw new Refused(Status.OPENMODE);
    }
    if (call.reclaim()) {
      c.volume().recovery().checkReclaim(open.client());
    } else {
      c.volume().recovery().checkNew(open.client());
    }
  }

  private static Reply perform(Compound c, Lock call, LockState lock, long last) throws Refused {
    Conflict conflict =
        c.volume()
            .opens()
            .lock(lock, call.offset(), last, call.type().isExclusive(), call.type().waits());
    if (conflict != null) {
      return denied(conflict);
    }
    c.current().stateId(lock.id());
    return new Lock.Ok(lock.id());
  }

  private static Reply denied(Conflict conflict) {
    Owner owner = conflict.owner();
    return new LockDenied(
        conflict.offset(),
        conflict.length(),
        conflict.exclusive() ? LockType.WRITE : LockType.READ,
        new StateOwner(owner.client().id(), owner.name()));
  }

  /** LOCKT. */
  static Reply lockT(Compound c, LockT call) throws Refused {
    checkFile(c);
    long last = last(call.offset(), call.length());
    Client client = c.client();
    if (client == null) {
      client = c.domain().clients().confirmed(call.owner().clientId());
    }
    Volume volume = c.volume();
    if (volume.recovery().isGrace()) {
      throw new Refused(Status.GRACE);
    }
    // What another client has delegated, it may have locked without telling.
    volume.opens().recall(client, c.inode(), call.type().isExclusive());
    @Nullable Owner owner = client.knownLockOwner(call.owner().owner());
    Conflict conflict =
        volume.opens().conflict(owner, c.inode(), call.offset(), last, call.type().isExclusive());
    return conflict == null ? Reply.of(Status.OK) : denied(conflict);
  }

  /** LOCKU. */
  static Reply lockU(Compound c, LockU call) throws Refused {
    checkFile(c);
    long last = last(call.offset(), call.length());
    StateId id = StateChecks.meant(c, call.lockStateId());
    if (c.minorVersion() == 0) {
      Owner owner = c.domain().stateIds().any(id).owner();
      Reply repeated = OwnerTurns.begin(c, owner, call.seqid());
      if (repeated != null) {
        return repeated;
      }
    }
    LockState lock = c.domain().stateIds().lock(id, c.client());
    if (lock.file().inode() != c.inode()) {
      throw new Refused(Status.BAD_STATEID);
    }
    lock.file().unlock(lock, call.offset(), last);
    c.current().stateId(lock.id());
    return new LockU.Ok(lock.id());
  }

  private static void checkFile(Compound c) throws Refused {
    if (c.current().isPseudoRoot()) {
      throw new Refused(Status.ISDIR);
    }
    Contents.checkRegular(c.inode(), c.minorVersion());
  }

  /** The last byte of a range; all ones stand for as far as files go. INVAL if it has none. */
  private static long last(long offset, long length) throws Refused {
    if (length == -1) {
      return -1;
    }
    long last = offset + length - 1;
    if (length == 0 || Long.compareUnsigned(last, offset) < 0) {
      throw new Refused(Status.INVAL);
    }
    return last;
  }
}
