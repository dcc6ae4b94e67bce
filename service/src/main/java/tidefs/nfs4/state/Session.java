package tidefs.nfs4.state;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Sequence;
import tidefs.nfs4.op.SessionId;
import tidefs.nfs4.op.Status;

/** A session (RFC 8881 §2.10): a client's slots. Any of its connections may use it. */
public final class Session {
  private final SessionId id;
  private final Client client;
  private final ChannelLimits limits;
  private final AtomicReferenceArray<@Nullable Slot> slots;
  private volatile @Nullable CallbackPath callbacks;

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
    slots = new AtomicReferenceArray<>(limits.slots());
  }

  /** Its sixteen bytes. */
  public SessionId id() {
    return id;
  }

  /** Whose it is. */
  public Client client() {
    return client;
  }

  /** Its back channel, if it has one. */
  public @Nullable CallbackPath callbacks() {
    return callbacks;
  }

  /** It has a back channel. */
  public void callbacks(CallbackPath path) {
    callbacks = path;
  }

  /** The sr_status_flags of its replies (RFC 8881 §18.46.3), less those of a restart. */
  public int statusFlags() {
    int flags = client.hasRevoked() ? Sequence.Ok.RECALLABLE_STATE_REVOKED : 0;
    CallbackPath path = callbacks;
    int wrong = path == null ? 0 : path.statusFlags();
    if (wrong == 0) {
      return flags;
    }
    boolean another = client.callbackPath() != null;
    return flags | wrong | (another ? 0 : Sequence.Ok.CB_PATH_DOWN);
  }

  /** What was agreed on. */
  public ChannelLimits limits() {
    return limits;
  }

  /** The highest slot that the client may use. */
  public int highestSlot() {
    return slots.length() - 1;
  }

  /**
   * The highest slot that the client should use: with very many sessions fewer than it may, so that
   * what they keep for replays stays within bounds.
   */
  public int targetHighestSlot() {
    int share = Limits.SLOTS_PER_DOMAIN / Math.max(1, client.domain().sessions().size());
    return Math.clamp(share, 1, slots.length()) - 1;
  }

  /** A slot, made when it is first used. BADSLOT beyond the highest. */
  public Slot slot(int index) throws Refused {
    if (index < 0 || index >= slots.length()) {
      throw new Refused(Status.BADSLOT);
    }
    Slot slot = slots.get(index);
    if (slot != null) {
      return slot;
    }
    Slot fresh = new Slot();
    Slot before = slots.compareAndExchange(index, null, fresh);
    return before == null ? fresh : before;
  }

  /** Whether a request is under way on any slot but {@code mine}. */
  boolean isBusyBeside(@Nullable Slot mine) {
    for (int index = 0; index < slots.length(); index++) {
      Slot slot = slots.get(index);
      if (slot != null && slot != mine && slot.isBusy()) {
        return true;
      }
    }
    return false;
  }
}
