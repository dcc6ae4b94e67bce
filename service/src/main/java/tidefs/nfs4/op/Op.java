package tidefs.nfs4.op;

import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/**
 * An operation of a COMPOUND, with its arguments. Each knows its number and section; {@code
 * refused} makes its reply when it was not performed.
 */
public sealed interface Op
    permits Access,
        Close,
        Commit,
        Create,
        DelegPurge,
        DelegReturn,
        GetAttr,
        GetFh,
        Link,
        Lock,
        LockT,
        LockU,
        Lookup,
        LookupP,
        NVerify,
        Open,
        OpenAttr,
        OpenConfirm,
        OpenDowngrade,
        PutFh,
        PutPubFh,
        PutRootFh,
        Read,
        ReadDir,
        ReadLink,
        Remove,
        Rename,
        Renew,
        RestoreFh,
        SaveFh,
        SecInfo,
        SetAttr,
        SetClientId,
        SetClientIdConfirm,
        Verify,
        Write,
        ReleaseLockOwner,
        BackchannelCtl,
        BindConnToSession,
        ExchangeId,
        CreateSession,
        DestroySession,
        FreeStateId,
        GetDirDelegation,
        GetDeviceInfo,
        GetDeviceList,
        LayoutCommit,
        LayoutGet,
        LayoutReturn,
        SecInfoNoName,
        Sequence,
        SetSsv,
        TestStateId,
        WantDelegation,
        DestroyClientId,
        ReclaimComplete,
        Copy,
        CopyNotify,
        LayoutError,
        LayoutStats,
        OffloadCancel,
        OffloadStatus,
        WriteSame,
        Clone,
        XattrOp,
        SparseOp,
        Illegal {
  /** The number of the operation, which also numbers its result. */
  int code();

  /** The reply when the operation fails with {@code status}, which is not OK. */
  default Reply refused(Status status) {
    return Reply.of(status);
  }

  /**
   * Decodes the arguments of the operation numbered {@code code}, which was read before; {@link
   * Illegal} if minor version {@code minorVersion} (0, 1 or 2) has no such operation.
   *
   * @throws XdrException if the arguments are malformed: the operation, numbered {@code code},
   *     fails with BADXDR, and nothing after it can be decoded
   */
  static Op decode(int code, XdrReader in, int minorVersion) throws XdrException {
    if (code < Access.CODE || code > lastCode(minorVersion)) {
      return new Illegal(code);
    }
    if (code <= ReleaseLockOwner.CODE) {
      return decode40(code, in, minorVersion);
    }
    return code <= ReclaimComplete.CODE ? decode41(code, in) : decode42(code, in);
  }

  private static int lastCode(int minorVersion) {
    return switch (minorVersion) {
      case 0 -> ReleaseLockOwner.CODE;
      case 1 -> ReclaimComplete.CODE;
      default -> RemoveXattr.CODE;
    };
  }

  private static Op decode40(int code, XdrReader in, int minorVersion) throws XdrException {
    return switch (code) {
      case Access.CODE -> Access.decode(in);
      case Close.CODE -> Close.decode(in);
      case Commit.CODE -> Commit.decode(in);
      case Create.CODE -> Create.decode(in, minorVersion);
      case DelegPurge.CODE -> DelegPurge.decode(in);
      case DelegReturn.CODE -> DelegReturn.decode(in);
      case GetAttr.CODE -> GetAttr.decode(in);
      case GetFh.CODE -> GetFh.INSTANCE;
      case Link.CODE -> Link.decode(in);
      case Lock.CODE -> Lock.decode(in);
      case LockT.CODE -> LockT.decode(in);
      case LockU.CODE -> LockU.decode(in);
      case Lookup.CODE -> Lookup.decode(in);
      case LookupP.CODE -> LookupP.INSTANCE;
      case NVerify.CODE -> NVerify.decode(in);
      case Open.CODE -> Open.decode(in, minorVersion);
      case OpenAttr.CODE -> OpenAttr.decode(in);
      case OpenConfirm.CODE -> OpenConfirm.decode(in);
      case OpenDowngrade.CODE -> OpenDowngrade.decode(in);
      case PutFh.CODE -> PutFh.decode(in);
      case PutPubFh.CODE -> PutPubFh.INSTANCE;
      case PutRootFh.CODE -> PutRootFh.INSTANCE;
      case Read.CODE -> Read.decode(in);
      case ReadDir.CODE -> ReadDir.decode(in);
      case ReadLink.CODE -> ReadLink.INSTANCE;
      case Remove.CODE -> Remove.decode(in);
      case Rename.CODE -> Rename.decode(in);
      case Renew.CODE -> Renew.decode(in);
      case RestoreFh.CODE -> RestoreFh.INSTANCE;
      case SaveFh.CODE -> SaveFh.INSTANCE;
      case SecInfo.CODE -> SecInfo.decode(in);
      case SetAttr.CODE -> SetAttr.decode(in, minorVersion);
      case SetClientId.CODE -> SetClientId.decode(in);
      case SetClientIdConfirm.CODE -> SetClientIdConfirm.decode(in);
      case Verify.CODE -> Verify.decode(in);
      case Write.CODE -> Write.decode(in);
      case ReleaseLockOwner.CODE -> ReleaseLockOwner.decode(in);
      default -> new Illegal(code);
    };
  }

  private static Op decode41(int code, XdrReader in) throws XdrException {
    return switch (code) {
      case BackchannelCtl.CODE -> BackchannelCtl.decode(in);
      case BindConnToSession.CODE -> BindConnToSession.decode(in);
      case ExchangeId.CODE -> ExchangeId.decode(in);
      case CreateSession.CODE -> CreateSession.decode(in);
      case DestroySession.CODE -> DestroySession.decode(in);
      case FreeStateId.CODE -> FreeStateId.decode(in);
      case GetDirDelegation.CODE -> GetDirDelegation.decode(in);
      case GetDeviceInfo.CODE -> GetDeviceInfo.decode(in);
      case GetDeviceList.CODE -> GetDeviceList.decode(in);
      case LayoutCommit.CODE -> LayoutCommit.decode(in);
      case LayoutGet.CODE -> LayoutGet.decode(in);
      case LayoutReturn.CODE -> LayoutReturn.decode(in);
      case SecInfoNoName.CODE -> SecInfoNoName.decode(in);
      case Sequence.CODE -> Sequence.decode(in);
      case SetSsv.CODE -> SetSsv.decode(in);
      case TestStateId.CODE -> TestStateId.decode(in);
      case WantDelegation.CODE -> WantDelegation.decode(in);
      case DestroyClientId.CODE -> DestroyClientId.decode(in);
      case ReclaimComplete.CODE -> ReclaimComplete.decode(in);
      default -> new Illegal(code);
    };
  }

  private static Op decode42(int code, XdrReader in) throws XdrException {
    return switch (code) {
      case Allocate.CODE -> Allocate.decode(in);
      case Copy.CODE -> Copy.decode(in);
      case CopyNotify.CODE -> CopyNotify.decode(in);
      case Deallocate.CODE -> Deallocate.decode(in);
      case IoAdvise.CODE -> IoAdvise.decode(in);
      case LayoutError.CODE -> LayoutError.decode(in);
      case LayoutStats.CODE -> LayoutStats.decode(in);
      case OffloadCancel.CODE -> OffloadCancel.decode(in);
      case OffloadStatus.CODE -> OffloadStatus.decode(in);
      case ReadPlus.CODE -> ReadPlus.decode(in);
      case Seek.CODE -> Seek.decode(in);
      case WriteSame.CODE -> WriteSame.decode(in);
      case Clone.CODE -> Clone.decode(in);
      case GetXattr.CODE -> GetXattr.decode(in);
      case SetXattr.CODE -> SetXattr.decode(in);
      case ListXattrs.CODE -> ListXattrs.decode(in);
      case RemoveXattr.CODE -> RemoveXattr.decode(in);
      default -> new Illegal(code);
    };
  }
}
