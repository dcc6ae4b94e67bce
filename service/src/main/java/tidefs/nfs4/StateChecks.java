package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.fs.FsException;
import tidefs.fs.Inode;
import tidefs.fs.Permission;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.FileState;
import tidefs.nfs4.state.OpenState;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.State;
import tidefs.nfs4.state.Volume;

/** Whether a stateid lets READ, WRITE or SETATTR at the current file (RFC 8881 §9.1.2). */
final class StateChecks {
  private StateChecks() {}

  /** The stateid that is meant: the current one if that is asked for (RFC 8881 §16.2.3.1.2). */
  static StateId meant(Compound c, StateId given) throws Refused {
    if (c.minorVersion() == 0 || !given.equals(StateId.CURRENT)) {
      return given;
    }
    StateId left = c.current().stateId();
    if (left == null) {
      throw new Refused(Status.BAD_STATEID);
    }
    return left;
  }

  /**
   * Checks a READ (access {@link Share#ACCESS_READ}) or WRITE. A special stateid has the rights
   * that the mode bits give.
   */
  static void check(Compound c, StateId given, int access) throws Refused, FsException {
    StateId id = meant(c, given);
    if (!isSpecial(id)) {
      State state = ofCurrentFile(c, id);
      int granted = state.access();
      // Whoever may write may read what he wrote: a client fills pages that it writes in part.
      if ((granted & (access | Share.ACCESS_WRITE)) == 0
          || (access == Share.ACCESS_WRITE && (granted & Share.ACCESS_WRITE) == 0)) {
        throw new Refused(Status.OPENMODE);
      }
      checkDenied(c, access, state.reservation());
      if (state.opener() != c.operation(c.volume()).credentials().uid()) {
        checkMode(c, access);
      }
      return;
    }
    checkDenied(c, access, null);
    checkMode(c, access);
    if (access == Share.ACCESS_WRITE) {
      Delegating.beforeChange(c, c.volume(), c.inode());
    } else {
      Delegating.beforeUse(c, c.volume(), c.inode());
    }
  }

  /** Whether a SETATTR of the size comes with an open for writing; a wrong stateid is refused. */
  static boolean isWritable(Compound c, StateId given, int access) throws Refused, FsException {
    StateId id = meant(c, given);
    if (isSpecial(id)) {
      checkDenied(c, access, null);
      return false;
    }
    State state = ofCurrentFile(c, id);
    if ((state.access() & access) == 0) {
      throw new Refused(Status.OPENMODE);
    }
    checkDenied(c, access, state.reservation());
    return true;
  }

  private static boolean isSpecial(StateId id) {
    return id.equals(StateId.ANONYMOUS) || id.equals(StateId.READ_BYPASS);
  }

  /** What a stateid stands for, which has to be of the current file and confirmed. */
  private static State ofCurrentFile(Compound c, StateId id) throws Refused {
    State state = c.domain().stateIds().state(id, c.client());
    OpenState open = state.reservation();
    if (state.file().inode() != c.inode() || (open != null && !open.isConfirmed())) {
      throw new Refused(Status.BAD_STATEID);
    }
    return state;
  }

  /** Share reservations of others, where they are kept. */
  private static void checkDenied(Compound c, int access, @Nullable OpenState mine) throws Refused {
    if (!c.config().shareDeny()) {
      return;
    }
    FileState file = c.volume().files().find(c.inode());
    if (file != null && file.isDenied(access, mine)) {
      throw new Refused(Status.LOCKED);
    }
  }

  /** The mode bits; the owner may always, as he may on an open file. */
  private static void checkMode(Compound c, int access) throws Refused, FsException {
    Volume volume = c.volume();
    Inode inode = c.inode();
    var operation = c.operation(volume);
    int wanted = access == Share.ACCESS_READ ? Permission.READ : Permission.WRITE;
    if (volume.fileSystem().permitted(operation, inode, wanted) == wanted
        || volume.fileSystem().attributes(operation, inode).uid()
            == operation.credentials().uid()) {
      return;
    }
    throw new Refused(Status.ACCESS);
  }
}
