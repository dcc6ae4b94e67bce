package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.BindConnToSession;
import tidefs.nfs4.op.CreateSession;
import tidefs.nfs4.op.DestroyClientId;
import tidefs.nfs4.op.DestroySession;
import tidefs.nfs4.op.ExchangeId;
import tidefs.nfs4.op.Illegal;
import tidefs.nfs4.op.Op;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.Sequence;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Refused;
import tidefs.nfs4.state.Session;
import tidefs.nfs4.state.Slot;

/** SEQUENCE, and the order of operations that 4.1 demands (RFC 8881 §2.10.6 and §18.46). */
final class Sequencing {
  private Sequencing() {}

  /** Checks that {@code op} may stand where it does. */
  static void checkOrder(Compound c, Op op) throws Refused {
    if (c.session() != null) {
      checkBehindSequence(c, op);
      return;
    }
    if (c.index() > 0) {
      // The first operation did without a session: it has to be the only one, as seen below. Only
      // a retry without a kept reply comes here.
      return;
    }
    switch (op) {
      case Sequence _, Illegal _ -> {}
      case ExchangeId _,
          CreateSession _,
          DestroySession _,
          DestroyClientId _,
          BindConnToSession _ -> {
        if (c.operations() > 1) {
          throw new Refused(Status.NOT_ONLY_OP);
        }
      }
      default -> throw new Refused(Status.OP_NOT_IN_SESSION);
    }
  }

  private static void checkBehindSequence(Compound c, Op op) throws Refused {
    switch (op) {
      case Sequence _ -> throw new Refused(Status.SEQUENCE_POS);
      case BindConnToSession _ -> throw new Refused(Status.NOT_ONLY_OP);
      case DestroySession call -> {
        Session its = c.session();
        boolean last = c.index() == c.operations() - 1;
        if (!last && its != null && its.id().equals(call.session())) {
          throw new Refused(Status.NOT_ONLY_OP);
        }
      }
      default -> {}
    }
  }

  /** SEQUENCE. */
  static Reply sequence(Compound c, Sequence call) throws Refused {
    Session session = c.domain().sessions().find(call.session());
    Session.ChannelLimits limits = session.limits();
    Slot slot = session.slot(call.slot());
    if (c.request().bytes() > limits.requestBytes()) {
      throw new Refused(Status.REQ_TOO_BIG);
    }
    if (Integer.compareUnsigned(c.operations(), limits.operations()) > 0) {
      throw new Refused(Status.TOO_MANY_OPS);
    }
    session.client().renew(c.domain().nanos());
    return switch (slot.begin(call.sequence(), c.request().fingerprint())) {
      case NEW -> {
        c.begin(session, slot, call.cache());
        yield ok(c, call, session);
      }
      case REPLAY -> replay(c, call, session, slot);
    };
  }

  private static Reply ok(Compound c, Sequence call, Session session) {
    return new Sequence.Ok(
        call.session(),
        call.sequence(),
        call.slot(),
        session.highestSlot(),
        session.targetHighestSlot(),
        statusFlags(c, session));
  }

  private static int statusFlags(Compound c, Session session) {
    int flags = c.config().extensions() ? session.statusFlags() : 0;
    if (session.client().isReclaimComplete()) {
      return flags;
    }
    boolean reclaims =
        switch (c.export().root()) {
          case Export.Root.Directory root -> root.volume().recovery().awaits(session.client());
          case Export.Root.Closed _ -> false;
          case Export.Root.Shared root ->
              root.pseudoRoot().entries().stream()
                  .anyMatch(each -> each.volume().recovery().awaits(session.client()));
        };
    return reclaims ? flags | Sequence.Ok.RESTART_RECLAIM_NEEDED : flags;
  }

  /** A retry: the kept reply, or word that it was not kept (RFC 8881 §2.10.6.1.3). */
  private static Reply replay(Compound c, Sequence call, Session session, Slot slot) {
    byte @Nullable [] kept = slot.replay();
    if (kept == null) {
      slot.end();
      c.answerUncached();
      return ok(c, call, session);
    }
    c.sendReplay(kept, slot.replyBytes());
    slot.end();
    return Signal.WRITTEN;
  }
}
