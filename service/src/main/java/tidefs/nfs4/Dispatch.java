package tidefs.nfs4;

import tidefs.fs.FsException;
import tidefs.nfs4.op.Access;
import tidefs.nfs4.op.BackchannelCtl;
import tidefs.nfs4.op.BindConnToSession;
import tidefs.nfs4.op.Clone;
import tidefs.nfs4.op.Close;
import tidefs.nfs4.op.Commit;
import tidefs.nfs4.op.Copy;
import tidefs.nfs4.op.CopyNotify;
import tidefs.nfs4.op.Create;
import tidefs.nfs4.op.CreateSession;
import tidefs.nfs4.op.DelegPurge;
import tidefs.nfs4.op.DelegReturn;
import tidefs.nfs4.op.DestroyClientId;
import tidefs.nfs4.op.DestroySession;
import tidefs.nfs4.op.ExchangeId;
import tidefs.nfs4.op.FreeStateId;
import tidefs.nfs4.op.GetAttr;
import tidefs.nfs4.op.GetDeviceInfo;
import tidefs.nfs4.op.GetDeviceList;
import tidefs.nfs4.op.GetDirDelegation;
import tidefs.nfs4.op.GetFh;
import tidefs.nfs4.op.Illegal;
import tidefs.nfs4.op.LayoutCommit;
import tidefs.nfs4.op.LayoutError;
import tidefs.nfs4.op.LayoutGet;
import tidefs.nfs4.op.LayoutReturn;
import tidefs.nfs4.op.LayoutStats;
import tidefs.nfs4.op.Link;
import tidefs.nfs4.op.Lock;
import tidefs.nfs4.op.LockT;
import tidefs.nfs4.op.LockU;
import tidefs.nfs4.op.Lookup;
import tidefs.nfs4.op.LookupP;
import tidefs.nfs4.op.NVerify;
import tidefs.nfs4.op.OffloadCancel;
import tidefs.nfs4.op.OffloadStatus;
import tidefs.nfs4.op.Op;
import tidefs.nfs4.op.Open;
import tidefs.nfs4.op.OpenAttr;
import tidefs.nfs4.op.OpenConfirm;
import tidefs.nfs4.op.OpenDowngrade;
import tidefs.nfs4.op.PutFh;
import tidefs.nfs4.op.PutPubFh;
import tidefs.nfs4.op.PutRootFh;
import tidefs.nfs4.op.Read;
import tidefs.nfs4.op.ReadDir;
import tidefs.nfs4.op.ReadLink;
import tidefs.nfs4.op.ReclaimComplete;
import tidefs.nfs4.op.ReleaseLockOwner;
import tidefs.nfs4.op.Remove;
import tidefs.nfs4.op.Rename;
import tidefs.nfs4.op.Renew;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.RestoreFh;
import tidefs.nfs4.op.SaveFh;
import tidefs.nfs4.op.SecInfo;
import tidefs.nfs4.op.SecInfoNoName;
import tidefs.nfs4.op.Sequence;
import tidefs.nfs4.op.SetAttr;
import tidefs.nfs4.op.SetClientId;
import tidefs.nfs4.op.SetClientIdConfirm;
import tidefs.nfs4.op.SetSsv;
import tidefs.nfs4.op.SparseOp;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.op.TestStateId;
import tidefs.nfs4.op.Verify;
import tidefs.nfs4.op.WantDelegation;
import tidefs.nfs4.op.Write;
import tidefs.nfs4.op.WriteSame;
import tidefs.nfs4.op.XattrOp;
import tidefs.nfs4.state.Refused;

/** Leads each operation to what performs it. A new operation does not compile until it is here. */
final class Dispatch {
  private Dispatch() {}

  /** Refuses what 4.1 has given up (RFC 8881 §2.8). */
  private static void checkIn41(Op op) throws Refused {
    if (op instanceof SetClientId
        || op instanceof SetClientIdConfirm
        || op instanceof Renew
        || op instanceof OpenConfirm
        || op instanceof ReleaseLockOwner) {
      throw new Refused(Status.NOTSUPP);
    }
  }

  static Reply perform(Compound c, Op op) throws Refused, FsException {
    if (c.minorVersion() > 0) {
      Sequencing.checkOrder(c, op);
      checkIn41(op);
    } else if (op instanceof Create
        || op instanceof Link
        || op instanceof Remove
        || op instanceof Rename) {
      Reply repeated = Clients40.noteOrRepeat(c);
      if (repeated != null) {
        return repeated;
      }
    }
    return lead(c, op);
  }

  private static Reply lead(Compound c, Op op) throws Refused, FsException {
    return switch (op) {
      case Sequence call -> Sequencing.sequence(c, call);
      case PutFh call -> Namespace.putFh(c, call);
      case GetAttr call -> FileAttributes.getAttr(c, call);
      case Read call -> Contents.read(c, call);
      case Write call -> Contents.write(c, call);
      case Commit call -> Contents.commit(c, call);
      case Access call -> FileAttributes.access(c, call);
      case Lookup call -> Namespace.lookup(c, call);
      case GetFh _ -> Namespace.getFh(c);
      case Open call -> Opening.open(c, call);
      case Close call -> OpenChanges.close(c, call);
      case SetAttr call -> FileAttributes.setAttr(c, call);
      case ReadDir call -> Directories.readDir(c, call);
      case Create call -> Directories.create(c, call);
      case Remove call -> Directories.remove(c, call);
      case Rename call -> Directories.rename(c, call);
      case Link call -> Directories.link(c, call);
      case LookupP _ -> Namespace.lookupP(c);
      case ReadLink _ -> Namespace.readLink(c);
      case PutRootFh _, PutPubFh _ -> Namespace.putRootFh(c);
      case SaveFh _ -> Namespace.saveFh(c);
      case RestoreFh _ -> Namespace.restoreFh(c);
      case SecInfo call -> Namespace.secInfo(c, call);
      case Verify call -> FileAttributes.verify(c, call);
      case NVerify call -> FileAttributes.nVerify(c, call);
      case Lock call -> Locking.lock(c, call);
      case LockT call -> Locking.lockT(c, call);
      case LockU call -> Locking.lockU(c, call);
      case OpenDowngrade call -> OpenChanges.downgrade(c, call);
      case SetClientId call -> Clients40.setClientId(c, call);
      case SetClientIdConfirm call -> Clients40.confirm(c, call);
      case Renew call -> Clients40.renew(c, call);
      case OpenConfirm call -> OpenChanges.confirm(c, call);
      case ReleaseLockOwner call -> Clients40.releaseLockOwner(c, call);
      case ExchangeId call -> Sessions41.exchangeId(c, call);
      case CreateSession call -> Sessions41.createSession(c, call);
      case DestroySession call -> Sessions41.destroySession(c, call);
      case DestroyClientId call -> Sessions41.destroyClientId(c, call);
      case BindConnToSession call -> Sessions41.bindConnection(c, call);
      case BackchannelCtl call -> Sessions41.backChannelControl(c, call);
      case ReclaimComplete call -> Sessions41.reclaimComplete(c, call);
      case SecInfoNoName call -> Namespace.secInfoNoName(c, call);
      case TestStateId call -> Sessions41.testStateIds(c, call);
      case FreeStateId call -> Sessions41.freeStateId(c, call);
      case Illegal _ -> throw new Refused(Status.OP_ILLEGAL);
      case OpenAttr _ -> notSupported(c);
      case DelegReturn call -> Delegating.giveBack(c, call);
      case DelegPurge _, GetDirDelegation _, WantDelegation _, WriteSame _ -> unsupported();
      case SetSsv _, GetDeviceInfo _, GetDeviceList _, LayoutCommit _ -> unsupported();
      case LayoutGet _, LayoutReturn _, LayoutError _, LayoutStats _, CopyNotify _ -> unsupported();
      case SparseOp call -> Sparse.perform(c, call);
      case XattrOp call -> Xattrs.perform(c, call);
      case Copy call -> Copying.copy(c, call);
      case Clone call -> Cloning.clone(c, call);
      case OffloadStatus call -> Copying.status(c, call);
      case OffloadCancel call -> Copying.cancel(c, call);
    };
  }

  private static Reply unsupported() throws Refused {
    throw new Refused(Status.NOTSUPP);
  }

  private static Reply notSupported(Compound c) throws Refused {
    throw new Refused(c.current().isSet() ? Status.NOTSUPP : Status.NOFILEHANDLE);
  }
}
