package tidefs.nfs4.state;

import tidefs.nfs4.op.SessionId;
import tidefs.nfs4.op.Status;

/** A session (RFC 8881 §2.10): a client's slots. Any of its connections may use it. */
public final class Session {
  private final SessionId id;
  private final Client client;
  private final ChannelLimits limits;
  private final Slot[] slots;

  /**
   * What was agreed on for the fore channel.
   *
   * @param requestBytes largest request
   * @param responseBytes largest reply
   * @param cachedBytes largest reply that is kept for a replay
   * @param operations most operations of a COMPOUND
   * @param slots requests under way at once
   */
  public record ChannelLimits(
      int requestBytes, int responseBytes, int cachedBytes, int operations, int slots) {}

  Session(SessionId id, Client client, ChannelLimits limits) {
    this.id = id;
    this.client = client;
    this.limits = limits;
    slots = new Slot[limits.slots()];
    for (int index = 0; index < slots.length; index++) {
      slots[index] = new Slot();
    }
  }

  /** Its sixteen bytes. */
  public SessionId id() {
    return id;
  }

  /** Whose it is. */
  public Client client() {
    return client;
  }

  /** What was agreed on. */
  public ChannelLimits limits() {
    return limits;
  }

  /** The highest slot, which is also the one a client should keep to. */
  public int highestSlot() {
    return slots.length - 1;
  }

  /** A slot. BADSLOT beyond the highest. */
  public Slot slot(int index) throws Refused {
    if (index < 0 || index >= slots.length) {
      throw new Refused(Status.BADSLOT);
    }
    return slots[index];
  }
}
