package tidefs.nfs4;

import tidefs.nfs4.op.ReleaseLockOwner;
import tidefs.nfs4.op.Renew;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.SetClientId;
import tidefs.nfs4.op.SetClientIdConfirm;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.SetClientIds;

/** The operations of 4.0 about clients. */
final class Clients40 {
  private Clients40() {}

  /** SETCLIENTID (RFC 7530 §16.33). The callback is not needed: nothing is delegated. */
  static Reply setClientId(Compound c, SetClientId call) throws Refused {
    SetClientIds.Granted granted =
        c.domain()
            .setClientIds()
            .set(call.id(), call.verifier(), Peer.principal(c.call().credentials()));
    return new SetClientId.Ok(granted.clientId(), granted.confirm());
  }

  /** SETCLIENTID_CONFIRM (RFC 7530 §16.34). */
  static Reply confirm(Compound c, SetClientIdConfirm call) throws Refused {
    c.domain()
        .setClientIds()
        .confirm(call.clientId(), call.confirmVerifier(), Peer.principal(c.call().credentials()));
    return Reply.of(Status.OK);
  }

  /** RENEW (RFC 7530 §16.28). */
  static Reply renew(Compound c, Renew call) throws Refused {
    var _ = c.domain().clients().confirmed(call.clientId());
    return Reply.of(Status.OK);
  }

  /** RELEASE_LOCKOWNER (RFC 7530 §16.37). */
  static Reply releaseLockOwner(Compound c, ReleaseLockOwner call) throws Refused {
    c.domain().clients().confirmed(call.owner().clientId()).releaseLockOwner(call.owner().owner());
    return Reply.of(Status.OK);
  }
}
