package tidefs.nfs4.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidefs.fs.Inode;
import tidefs.nfs4.op.Share;
import tidefs.nfs4.op.Status;

/**
 * The opens of one file, its byte-range locks and its delegations, by clients of every domain. All
 * changes are made under its monitor; nothing else is locked inside.
 */
public final class FileState {
  private final Volume volume;
  private final Inode inode;
  private final List<OpenState> opens = new ArrayList<>(2);
  private final RangeLocks ranges = new RangeLocks();
  private final LockQueue queue = new LockQueue();
  private final List<Delegation> delegations = new ArrayList<>(0);

  /** How many look at it or hold state in it; changed by {@link FileStates} alone. */
  int users;

  FileState(Volume volume, Inode inode) {
    this.volume = volume;
    this.inode = inode;
  }

  /** The file system. */
  public Volume volume() {
    return volume;
  }

  /** The file. */
  public Inode inode() {
    return inode;
  }

  /**
   * Adds an OPEN: to the owner's open of this file, or as a new one.
   *
   * @throws Refused SHARE_DENIED, or DQUOT beyond the client's limit
   * @throws InTheWay if only a client whose lease ran out stands in the way
   * @throws Delegated if others have delegations
   */
  OpenState open(Owner owner, int access, int deny, long nowNanos)
      throws Refused, InTheWay, Delegated {
    synchronized (this) {
      checkDelegations(owner.client(), changes(access, deny), nowNanos);
      OpenState mine = null;
      for (OpenState other : opens) {
        checkShare(other, access, deny, nowNanos); // The owner's own counts, too.
        if (other.owner() == owner) {
          mine = other;
        }
      }
      if (mine != null) {
        mine.add(access, deny);
        mine.bump();
        return mine;
      }
      Client client = owner.client();
      OpenState state = new OpenState(owner, this);
      if (!client.addOpen(state)) {
        throw new Refused(Status.DQUOT);
      }
      state.add(access, deny);
      opens.add(state);
      owner.stateAdded();
      client.domain().states().add(state);
      return state;
    }
  }

  /** Whether an OPEN would be refused for another's share reservation. */
  void checkOpen(Client client, int access, int deny, long nowNanos)
      throws Refused, InTheWay, Delegated {
    synchronized (this) {
      checkDelegations(client, changes(access, deny), nowNanos);
      for (OpenState other : opens) {
        checkShare(other, access, deny, nowNanos);
      }
    }
  }

  private static boolean changes(int access, int deny) {
    return (access & Share.ACCESS_WRITE) != 0 || deny != Share.DENY_NONE;
  }

  /**
   * Looks for delegations in the way of a client's use of the file.
   *
   * @param client null for one who cannot have a delegation
   * @param changes whether it changes the file, or keeps others from using it
   */
  void checkDelegations(@Nullable Client client, boolean changes, long nowNanos)
      throws InTheWay, Delegated {
    synchronized (this) {
      List<Delegation> held = List.of();
      for (Delegation each : delegations) {
        if (each.client() != client && each.conflicts(changes)) {
          if (each.client().isExpired(nowNanos)) {
            throw new InTheWay(each.client());
          }
          held = held.isEmpty() ? new ArrayList<>(1) : held;
          held.add(each);
        }
      }
      if (!held.isEmpty()) {
        throw new Delegated(held);
      }
    }
  }

  /** Delegates the file to a client; null if someone's use of it does not allow that. */
  @Nullable Delegation delegate(
      Client client, Delegation.Kind kind, int opener, long changeAtGrant) {
    synchronized (this) {
      for (OpenState each : opens) {
        boolean allowed =
            switch (kind) {
              case READ -> (each.access() & Share.ACCESS_WRITE) == 0;
              case WRITE -> each.client() == client;
            };
        if (!allowed) {
          return null;
        }
      }
      for (Delegation each : delegations) {
        if (each.client() == client || each.conflicts(kind == Delegation.Kind.WRITE)) {
          return null;
        }
      }
      Delegation delegation = new Delegation(client, this, kind, opener, changeAtGrant);
      if (!client.addDelegation(delegation)) {
        return null;
      }
      client.domain().states().add(delegation);
      delegations.add(delegation);
      return delegation;
    }
  }

  /**
   * Ends a delegation: it was returned, or (revoked) its client had its time to return it.
   *
   * @return false if it had ended before
   */
  public boolean end(Delegation delegation, boolean revoked) {
    synchronized (this) {
      if (!delegations.remove(delegation)) {
        return false;
      }
      delegation.markGone();
      delegation.client().removeDelegation(delegation, revoked);
      delegation.client().domain().states().remove(delegation);
    }
    volume.delegations().remove(delegation.kind());
    volume.files().leave(this);
    return true;
  }

  /** The delegation for writing that another client has, if any. */
  public synchronized @Nullable Delegation writtenBeside(@Nullable Client client) {
    for (Delegation each : delegations) {
      if (each.kind() == Delegation.Kind.WRITE && each.client() != client) {
        return each;
      }
    }
    return null;
  }

  private static void checkShare(OpenState other, int access, int deny, long nowNanos)
      throws Refused, InTheWay {
    if ((other.deny() & access) != 0 || (other.access() & deny) != 0) {
      throw inTheWay(other.client(), nowNanos, Status.SHARE_DENIED);
    }
  }

  private static Refused inTheWay(Client client, long nowNanos, Status status) throws InTheWay {
    if (client.isExpired(nowNanos)) {
      throw new InTheWay(client);
    }
    return new Refused(status);
  }

  /** Whether anyone but {@code mine} denies {@code access} (a special stateid has no open). */
  public synchronized boolean isDenied(int access, @Nullable OpenState mine) {
    for (OpenState other : opens) {
      if (other != mine && (other.deny() & access) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Takes OPENs back, down to {@code access} and {@code deny}. INVAL unless a union of some. */
  public void downgrade(OpenState open, int access, int deny) throws Refused {
    synchronized (this) {
      if (!open.isUnion(access, deny)) {
        throw new Refused(Status.INVAL);
      }
      open.reduce(access, deny);
      open.bump();
    }
  }

  /** Confirms a 4.0 open, which counts as a change. */
  public void confirm(OpenState open) {
    synchronized (this) {
      open.confirm();
      open.owner().confirm();
      open.bump();
    }
  }

  /**
   * Closes an open, and frees the byte ranges locked by it.
   *
   * @param keepForReplay 4.0: the stateid answers a repeated CLOSE until the owner's next request
   */
  public void close(OpenState open, boolean keepForReplay) throws Refused {
    synchronized (this) {
      if (open.isGone()) {
        throw new Refused(Status.BAD_STATEID);
      }
      open.bump();
      remove(open, keepForReplay);
    }
    volume.files().leave(this);
  }

  /** Removes an open whose client is dropped. */
  void revoke(OpenState open) {
    synchronized (this) {
      if (open.isGone()) {
        return;
      }
      for (LockState lock : open.locks()) {
        open.client().domain().states().revoke(lock);
      }
      open.client().domain().states().revoke(open);
      remove(open, false);
    }
    volume.files().leave(this);
  }

  private void remove(OpenState open, boolean keepForReplay) {
    for (LockState lock : List.copyOf(open.locks())) {
      removeLocks(lock);
    }
    open.markGone();
    opens.remove(open);
    open.owner().stateRemoved();
    open.client().removeOpen(open);
    if (keepForReplay) {
      open.owner().keepClosed(open.client().domain().states(), open);
    } else {
      open.client().domain().states().remove(open);
    }
  }

  /** Forgets a lock-owner's locks and stateid. Under the monitor. */
  private void removeLocks(LockState lock) {
    lock.client().addLocks(-ranges.unlockAll(lock.owner()));
    lock.open().locks().remove(lock);
    lock.markGone();
    lock.owner().stateRemoved();
    lock.client().domain().states().remove(lock);
  }

  /** The lock state of {@code owner} on this file, made if there is none. */
  public LockState lockState(Owner owner, OpenState open) throws Refused {
    synchronized (this) {
      if (open.isGone()) {
        throw new Refused(Status.BAD_STATEID);
      }
      LockState known = knownLockState(owner);
      if (known != null) {
        return known;
      }
      LockState state = new LockState(owner, open);
      open.locks().add(state);
      owner.stateAdded();
      open.client().domain().states().add(state);
      return state;
    }
  }

  /** The lock state of {@code owner} on this file, if there is one. */
  public synchronized @Nullable LockState knownLockState(Owner owner) {
    for (OpenState each : opens) {
      for (LockState lock : each.locks()) {
        if (lock.owner() == owner) {
          return lock;
        }
      }
    }
    return null;
  }

  /** Forgets a lock state that a failed LOCK made: it has no range. */
  public void discardIfEmpty(LockState lock) {
    synchronized (this) {
      if (!lock.isGone() && !ranges.has(lock.owner())) {
        removeLocks(lock);
      }
    }
  }

  /**
   * Locks a range.
   *
   * @param waits whether the client will ask again if it does not get the lock
   * @return what stands in the way, or null if the lock was granted
   * @throws Refused DQUOT beyond the client's or the file's limit; DEADLOCK if what stands in the
   *     way waits for this owner
   */
  @Nullable Conflict lock(
      LockState lock, long first, long last, boolean exclusive, boolean waits, long nowNanos)
      throws Refused, InTheWay {
    synchronized (this) {
      if (lock.isGone()) {
        throw new Refused(Status.BAD_STATEID);
      }
      Owner owner = lock.owner();
      Conflict conflict = conflict(owner, first, last, exclusive, nowNanos);
      if (conflict != null && waits) {
        if (queue.waitsFor(conflict.owner(), owner, ranges, nowNanos)) {
          throw new Refused(Status.DEADLOCK);
        }
        queue.await(owner, first, last, exclusive, nowNanos);
      }
      if (conflict == null) {
        conflict = turn(owner, first, last, exclusive, waits, nowNanos);
      }
      if (conflict != null) {
        return conflict;
      }
      // One lock can add two ranges at most: its own, and the second half of one it splits.
      if (ranges.size() + 2 > Limits.LOCKS_PER_FILE
          || lock.client().locks() + 2 > Limits.LOCKS_PER_CLIENT) {
        checkLimits(lock, first, last);
      }
      lock.client().addLocks(ranges.lock(owner, first, last, exclusive));
      queue.leave(owner, first, last);
      lock.bump();
    }
    return null;
  }

  /** The one that has waited long enough to come first; nobody if the owner has a part already. */
  private @Nullable Conflict turn(
      Owner owner, long first, long last, boolean exclusive, boolean waits, long nowNanos) {
    if (queue.size() == 0 || ranges.stands(owner, first, last, true)) {
      return null; // Whoever has a lock may change it: the one in turn may wait for just that.
    }
    LockQueue.Waiter before = queue.before(owner, first, last, exclusive, nowNanos);
    if (before == null) {
      return null;
    }
    if (waits) {
      queue.await(owner, first, last, exclusive, nowNanos);
    }
    RangeLocks.Range wanted = before.range();
    return new Conflict(wanted.first(), wanted.length(), wanted.exclusive(), wanted.owner());
  }

  private void checkLimits(LockState lock, long first, long last) throws Refused {
    boolean mine = ranges.has(lock.owner());
    int growth = mine && first == 0 && last == -1 ? 0 : mine ? 2 : 1;
    if (ranges.size() + growth > Limits.LOCKS_PER_FILE
        || lock.client().locks() + growth > Limits.LOCKS_PER_CLIENT) {
      throw new Refused(Status.DQUOT);
    }
  }

  /** What stands in the way of a lock, or null. */
  @Nullable Conflict conflict(
      @Nullable Owner owner, long first, long last, boolean exclusive, long nowNanos)
      throws InTheWay {
    synchronized (this) {
      RangeLocks.Range range = ranges.conflict(owner, first, last, exclusive);
      if (range == null) {
        return null;
      }
      if (range.owner().client().isExpired(nowNanos)) {
        throw new InTheWay(range.owner().client());
      }
      return new Conflict(range.first(), range.length(), range.exclusive(), range.owner());
    }
  }

  /** Frees a range; what was not locked stays so. DQUOT if a split exceeds a limit. */
  public void unlock(LockState lock, long first, long last) throws Refused {
    synchronized (this) {
      if (lock.isGone()) {
        throw new Refused(Status.BAD_STATEID);
      }
      if (ranges.size() >= Limits.LOCKS_PER_FILE
          || lock.client().locks() >= Limits.LOCKS_PER_CLIENT) {
        checkSplit(lock, first, last);
      }
      lock.client().addLocks(ranges.unlock(lock.owner(), first, last));
      lock.bump();
    }
  }

  private void checkSplit(LockState lock, long first, long last) throws Refused {
    if (ranges.isSplitBy(lock.owner(), first, last)) {
      throw new Refused(Status.DQUOT);
    }
  }

  /** FREE_STATEID and RELEASE_LOCKOWNER: forgets a lock stateid. LOCKS_HELD if a range is held. */
  public void free(LockState lock) throws Refused {
    synchronized (this) {
      if (ranges.has(lock.owner())) {
        throw new Refused(Status.LOCKS_HELD);
      }
      if (!lock.isGone()) {
        removeLocks(lock);
      }
    }
  }

  /** Whether a lock-owner holds a range of this file. */
  public synchronized boolean isLockedBy(Owner owner) {
    return ranges.has(owner);
  }

  /** Delegations stand in the way: they are to be recalled. */
  static final class Delegated extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Delegation> held;

    Delegated(List<Delegation> held) {
      super("delegations are in the way", null, false, false);
      this.held = held;
    }

    List<Delegation> held() {
      return held;
    }
  }

  /**
   * Only a client that is silent for longer than its lease stands in the way: it may be dropped.
   */
  static final class InTheWay extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Client client;

    InTheWay(Client client) {
      super("an expired client is in the way", null, false, false);
      this.client = client;
    }

    Client client() {
      return client;
    }
  }
}
