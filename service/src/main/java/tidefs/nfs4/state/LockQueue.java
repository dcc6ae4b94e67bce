package tidefs.nfs4.state;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for byte-range locks on one file (RFC 8881 §9.6). A client that waits asks again and
 * again, more and more seldom, so that whoever comes by often would always be quicker. So whoever
 * has waited for longer than {@link Limits#LOCK_PATIENCE} gets the next turn: until it asks again,
 * or is late by its own measure, others are told that the range is locked. Before that, the quicker
 * may be first: a turn costs the time until the waiting one asks, in which nobody has the lock.
 *
 * <p>Nobody is promised a CB_NOTIFY_LOCK, with a back channel either: a Linux client that relies on
 * one asks by itself every half minute only, and two that contend were seen to sleep both.
 *
 * <p>Nobody waits here in the sense of threads. Not for concurrent use.
 */
final class LockQueue {
  /** In the order in which they came. */
  private final List<Waiter> waiters = new ArrayList<>(1);

  /** One owner's wish, and when it was uttered. */
  static final class Waiter {
    private final Owner owner;
    private final long first;
    private final long last;
    private final boolean exclusive;
    private final long sinceNanos;
    private long askedNanos;
    private long intervalNanos = Limits.LOCK_POLL.toNanos();

    Waiter(Owner owner, long first, long last, boolean exclusive, long nowNanos) {
      this.owner = owner;
      this.first = first;
      this.last = last;
      this.exclusive = exclusive;
      sinceNanos = nowNanos;
      askedNanos = nowNanos;
    }

    Owner owner() {
      return owner;
    }

    private void askAgain(long nowNanos) {
      intervalNanos = Math.max(Limits.LOCK_POLL.toNanos(), nowNanos - askedNanos);
      askedNanos = nowNanos;
    }

    private boolean is(Owner who, long itsFirst, long itsLast, boolean itsExclusive) {
      return owner == who && first == itsFirst && last == itsLast && exclusive == itsExclusive;
    }

    /** Clients double the time between two questions; twice and a half of the last is late. */
    private boolean isGone(long nowNanos) {
      if (owner.client().isDropped()) {
        return true;
      }
      long late = Math.min(intervalNanos * 5 / 2, owner.client().domain().leaseNanos());
      return nowNanos - askedNanos > late;
    }

    private boolean isDue(long nowNanos) {
      return nowNanos - sinceNanos >= Limits.LOCK_PATIENCE.toNanos();
    }

    private boolean conflictsWith(long otherFirst, long otherLast, boolean otherExclusive) {
      return (exclusive || otherExclusive) && range().overlaps(otherFirst, otherLast);
    }

    RangeLocks.Range range() {
      return new RangeLocks.Range(owner, first, last, exclusive);
    }
  }

  /** An owner was refused a lock that it will ask for again. Beyond a limit it has no turn. */
  void await(Owner owner, long first, long last, boolean exclusive, long nowNanos) {
    for (Waiter waiter : waiters) {
      if (waiter.is(owner, first, last, exclusive)) {
        waiter.askAgain(nowNanos);
        return;
      }
    }
    expire(nowNanos);
    if (waiters.size() < Limits.WAITERS_PER_FILE) {
      waiters.add(new Waiter(owner, first, last, exclusive, nowNanos));
    }
  }

  /** An owner has what it waited for, or something that makes the wish void. */
  void leave(Owner owner, long first, long last) {
    waiters.removeIf(waiter -> waiter.owner == owner && waiter.range().overlaps(first, last));
  }

  /** The one whose turn it is before {@code owner} may lock a range, if there is one. */
  @Nullable Waiter before(Owner owner, long first, long last, boolean exclusive, long nowNanos) {
    if (waiters.isEmpty()) {
      return null;
    }
    expire(nowNanos);
    for (Waiter waiter : waiters) {
      if (waiter.owner == owner) {
        return null; // Those behind it come later.
      }
      if (waiter.isDue(nowNanos) && waiter.conflictsWith(first, last, exclusive)) {
        return waiter;
      }
    }
    return null;
  }

  /**
   * Whether {@code holder} waits, in turn, for something that {@code owner} holds: if the owner
   * waited for the holder, neither would ever go on.
   */
  boolean waitsFor(Owner holder, Owner owner, RangeLocks held, long nowNanos) {
    expire(nowNanos);
    for (Waiter waiter : waiters) {
      if (waiter.owner == holder
          && held.stands(owner, waiter.first, waiter.last, waiter.exclusive)) {
        return true;
      }
    }
    return false;
  }

  int size() {
    return waiters.size();
  }

  private void expire(long nowNanos) {
    for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
      if (each.next().isGone(nowNanos)) {
        each.remove();
      }
    }
  }
}
