package tidefs.nfs4.state;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tidefs.base.Chance;
import tidefs.nfs4.op.StateId;

/**
 * All states of a domain by their stateid. A stateid's twelve opaque bytes are the boot number of
 * the domain, an index into this table, and a random nonce that tells the entry's tenants apart and
 * makes stateids hard to guess. Looking one up takes neither a lock nor memory.
 */
final class StateTable {
  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;

  private final int boot;
  private final Chance chance;
  private final ArrayDeque<Integer> free = new ArrayDeque<>();

  @SuppressWarnings("unchecked")
  private volatile AtomicReferenceArray<@Nullable State>[] pages =
      (AtomicReferenceArray<@Nullable State>[]) new AtomicReferenceArray<?>[0];

  private int used;

  /** Stateids that were taken from their clients: index and nonce, the youngest ones. */
  private final Set<Long> revoked = new LinkedHashSet<>();

  StateTable(int boot, Chance chance) {
    this.boot = boot;
    this.chance = chance;
  }

  /** Whether a stateid was made by this table's domain since its last start. */
  boolean isOfThisBoot(StateId id) {
    return (int) (id.other() >>> Integer.SIZE) == boot;
  }

  /** The state with this stateid, whatever its sequence number. */
  @Nullable State find(StateId id) {
    if (!isOfThisBoot(id)) {
      return null;
    }
    int index = (int) id.other();
    AtomicReferenceArray<@Nullable State>[] all = pages;
    int page = index >>> PAGE_BITS;
    if (page >= all.length) {
      return null;
    }
    State found = all[page].get(index & (PAGE - 1));
    return found != null && found.nonce() == id.otherTail() ? found : null;
  }

  /** Enters {@code state}, which so gets its identity. */
  synchronized void add(State state) {
    Integer index = free.pollFirst();
    if (index == null) {
      index = used++;
      if (index >>> PAGE_BITS == pages.length) {
        AtomicReferenceArray<@Nullable State>[] more = Arrays.copyOf(pages, pages.length + 1);
        more[pages.length] = new AtomicReferenceArray<>(PAGE);
        pages = more;
      }
    }
    state.identify(((long) boot << Integer.SIZE) | index, (int) chance.nextLong());
    pages[index >>> PAGE_BITS].set(index & (PAGE - 1), state);
  }

  /** Removes {@code state}; its stateid is bad from now on. */
  synchronized void remove(State state) {
    int index = (int) state.other();
    if (pages[index >>> PAGE_BITS].compareAndSet(index & (PAGE - 1), state, null)) {
      free.addLast(index);
    }
  }

  /** Removes a state that is taken from its client, which will be told so. */
  synchronized void revoke(State state) {
    remove(state);
    revoked.add(name(state.other(), state.nonce()));
    if (revoked.size() > Limits.REVOKED_STATES) {
      revoked.remove(revoked.iterator().next());
    }
  }

  /** Whether a stateid was taken from its client. */
  synchronized boolean isRevoked(StateId id) {
    return isOfThisBoot(id) && revoked.contains(name(id.other(), id.otherTail()));
  }

  private static long name(long other, int nonce) {
    return (other << Integer.SIZE) | (nonce & 0xffff_ffffL);
  }

  /** How many states there are. */
  synchronized int size() {
    return used - free.size();
  }
}
