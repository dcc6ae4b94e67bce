package tidefs.nfs4.state;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;

/** Tells what a stateid stands for, or why it is not good (RFC 8881 §8.2.4, RFC 7530 §9.1.4.4). */
public final class StateIds {
  private final StateDomain domain;

  StateIds(StateDomain domain) {
    this.domain = domain;
  }

  /**
   * The state of a stateid that is not special.
   *
   * @param client whose session it came by; null in 4.0, where it renews its client's lease
   * @throws Refused BAD_STATEID, OLD_STATEID, STALE_STATEID
   */
  public State state(StateId id, @Nullable Client client) throws Refused {
    State state = any(id, client);
    if (state.isGone()) {
      throw new Refused(Status.BAD_STATEID);
    }
    state.checkSeqid(id.seqid(), client != null);
    return state;
  }

  /** An open. */
  public OpenState open(StateId id, @Nullable Client client) throws Refused {
    if (state(id, client) instanceof OpenState open) {
      return open;
    }
    throw new Refused(Status.BAD_STATEID);
  }

  /** A lock-owner's locks on a file. */
  public LockState lock(StateId id, @Nullable Client client) throws Refused {
    if (state(id, client) instanceof LockState lock) {
      return lock;
    }
    throw new Refused(Status.BAD_STATEID);
  }

  /** A delegation. */
  public Delegation delegation(StateId id, Client client) throws Refused {
    if (state(id, client) instanceof Delegation delegation) {
      return delegation;
    }
    throw new Refused(Status.BAD_STATEID);
  }

  /** An owner's state in 4.0, whatever its sequence number, and even if it was closed. */
  public OwnedState any(StateId id) throws Refused {
    if (any(id, null) instanceof OwnedState owned) {
      return owned;
    }
    throw new Refused(Status.BAD_STATEID);
  }

  private State any(StateId id, @Nullable Client client) throws Refused {
    if (id.isSpecial()) {
      throw new Refused(Status.BAD_STATEID);
    }
    State state = domain.states().find(id);
    if (state == null) {
      if (client == null && domain.states().isRevoked(id)) {
        throw new Refused(Status.EXPIRED);
      }
      if (client != null && client.isRevoked(id)) {
        throw new Refused(Status.DELEG_REVOKED);
      }
      boolean stale = client == null && !domain.states().isOfThisBoot(id);
      throw new Refused(stale ? Status.STALE_STATEID : Status.BAD_STATEID);
    }
    if (client == null) {
      if (state.client().name().minorVersion() != 0) {
        throw new Refused(Status.BAD_STATEID);
      }
      state.client().renew(domain.nanos());
    } else if (state.client() != client) {
      throw new Refused(Status.BAD_STATEID);
    }
    return state;
  }

  /** TEST_STATEID: the status that using it would meet. */
  public Status test(StateId id, Client client) {
    try {
      state(id, client);
      return Status.OK;
    } catch (Refused refused) {
      return refused.status();
    }
  }

  /** FREE_STATEID: LOCKS_HELD for an open or a delegation, or for locks while a range is held. */
  public void free(StateId id, Client client) throws Refused {
    if (client.freeRevoked(id)) {
      return;
    }
    State state = state(id, client);
    if (!(state instanceof LockState lock)) {
      throw new Refused(Status.LOCKS_HELD);
    }
    lock.file().free(lock);
    client.forgetIfIdle(lock.owner());
  }
}
