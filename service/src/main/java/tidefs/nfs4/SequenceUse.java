package tidefs.nfs4;

import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Status;
import tidefs.nfs4.state.Session;
import tidefs.nfs4.state.Slot;

/** The session that SEQUENCE put a COMPOUND in, and what it says about the size of the reply. */
final class SequenceUse {
  /** The header of an RPC reply: what limits count beside the COMPOUND. */
  static final int RPC_REPLY_BYTES = 24;

  private @Nullable Session session;
  private @Nullable Slot slot;
  private boolean cache;

  void begin(Session its, Slot itsSlot, boolean keepsReply) {
    session = its;
    slot = itsSlot;
    cache = keepsReply;
  }

  @Nullable Session session() {
    return session;
  }

  @Nullable Slot slot() {
    return slot;
  }

  /** Whether the client wants the reply to be kept. */
  boolean caches() {
    return cache;
  }

  /** The most bytes of the COMPOUND's results; {@code otherwise} without a session. */
  int replyBytes(int otherwise) {
    Session its = session;
    if (its == null) {
      return otherwise;
    }
    int most = its.limits().responseBytes();
    return (cache ? Math.min(most, its.limits().cachedBytes()) : most) - RPC_REPLY_BYTES;
  }

  /** The status of a reply that has no room. */
  Status tooBig() {
    Session its = session;
    if (its == null) {
      return Status.RESOURCE;
    }
    boolean forCache = cache && its.limits().cachedBytes() < its.limits().responseBytes();
    return forCache ? Status.REP_TOO_BIG_TO_CACHE : Status.REP_TOO_BIG;
  }
}
