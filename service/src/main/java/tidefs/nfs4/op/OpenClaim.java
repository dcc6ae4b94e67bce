package tidefs.nfs4.op;

import tidefs.xdr.Opaque;
import tidefs.xdr.XdrException;
import tidefs.xdr.XdrReader;

/** An open_claim4 (RFC 8881 §18.16.1): which file OPEN means, and by what right. */
public sealed interface OpenClaim {
  /** CLAIM_NULL: the file of this name in the current directory. */
  record ByName(Opaque name) implements OpenClaim {}

  /** CLAIM_PREVIOUS: the current file, which was open before the server restarted. */
  record Reclaim(int delegationType) implements OpenClaim {}

  /** CLAIM_DELEGATE_CUR: an open that a delegation covered until now. */
  record DelegateCurrent(StateId delegation, Opaque name) implements OpenClaim {}

  /** CLAIM_DELEGATE_PREV: as above, after the client restarted. */
  record DelegatePrevious(Opaque name) implements OpenClaim {}

  /** CLAIM_FH: the current file; from 4.1 on. */
  record ByHandle() implements OpenClaim {
    static final ByHandle INSTANCE = new ByHandle();
  }

  /** CLAIM_DELEG_CUR_FH: the current file, which a delegation covered; from 4.1 on. */
  record DelegateCurrentByHandle(StateId delegation) implements OpenClaim {}

  /** CLAIM_DELEG_PREV_FH: as above, after the client restarted; from 4.1 on. */
  record DelegatePreviousByHandle() implements OpenClaim {
    static final DelegatePreviousByHandle INSTANCE = new DelegatePreviousByHandle();
  }

  static OpenClaim decode(XdrReader in, int minorVersion) throws XdrException {
    return switch (in.int32In(0, minorVersion == 0 ? 3 : 6)) {
      case 0 -> new ByName(in.bytes(Limits.NAME_BYTES));
      case 1 -> new Reclaim(in.int32In(0, 3));
      case 2 -> new DelegateCurrent(StateId.decode(in), in.bytes(Limits.NAME_BYTES));
      case 3 -> new DelegatePrevious(in.bytes(Limits.NAME_BYTES));
      case 4 -> ByHandle.INSTANCE;
      case 5 -> new DelegateCurrentByHandle(StateId.decode(in));
      default -> DelegatePreviousByHandle.INSTANCE;
    };
  }
}
