package tidefs.nfs4;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tidefs.fs.FsException;
import tidefs.nfs4.op.ReleaseLockOwner;
import tidefs.nfs4.op.Renew;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.SetClientId;
import tidefs.nfs4.op.SetClientIdConfirm;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.DuplicateRequests;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.SetClientIds;

/** What 4.0 alone has: the operations about clients, and requests that are known by themselves. */
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

  /**
   * Notes a request that changes names, or answers one that was noted before.
   *
   * @return null if the request is to be performed
   */
  static @Nullable Reply noteOrRepeat(Compound c) throws Refused, FsException {
    if (c.departure().isNoted()) {
      return null;
    }
    var key =
        new DuplicateRequests.Key(
            c.call().connection().remoteAddress().getAddress(),
            c.call().xid(),
            c.request().fingerprint());
    CompletableFuture<byte[]> earlier = c.domain().duplicateRequests().begin(key);
    if (earlier == null) {
      c.departure().note(key);
      return null;
    }
    return c.suspend(
        earlier.thenAccept(_ -> {}),
        () -> {
          byte[] reply = earlier.join();
          c.sendReplay(reply, reply.length);
          return Signal.WRITTEN;
        });
  }
}
