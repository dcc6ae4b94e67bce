package tidefs.nfs4.state;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tidefs.nfs4.op.Reply;
import tidefs.nfs4.op.StateId;
import tidefs.nfs4.op.Status;
import tidefs.xdr.Opaque;

/**
 * A client: one kernel's, or one instance of a library's, use of this server (RFC 8881 §2.4). It is
 * unconfirmed until CREATE_SESSION or SETCLIENTID_CONFIRM; it is dropped with all its state when it
 * says so, when it restarts, or when its lease has run out and someone needs what it holds.
 */
public final class Client {
  private final StateDomain domain;
  private final long id;
  private final ClientName name;
  private final long verifier;
  private final Principal principal;
  private volatile long renewedNanos;
  private volatile boolean confirmed;
  private volatile boolean dropped;
  private volatile boolean reclaimComplete;

  private final AtomicInteger openCount = new AtomicInteger();
  private final AtomicInteger lockCount = new AtomicInteger();
  private final ConcurrentHashMap<Opaque, Owner> openOwners = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Opaque, Owner> lockOwners = new ConcurrentHashMap<>();
  private final Set<OpenState> opens = ConcurrentHashMap.newKeySet();
  private final Set<Delegation> delegations = ConcurrentHashMap.newKeySet();
  private final AtomicInteger delegationCount = new AtomicInteger();

  /** Stateids, of sequence number 0, of delegations taken away that it has not freed yet. */
  private final Set<StateId> revoked = ConcurrentHashMap.newKeySet();

  private final Offloads offloads = new Offloads(this);
  private final Set<Volume> recordedIn = ConcurrentHashMap.newKeySet();
  private final List<Session> sessions = new CopyOnWriteArrayList<>();

  // Under the lock of Clients.
  private int createSeqid = 1;
  private @Nullable Reply created;
  private long confirmVerifier;

  Client(
      StateDomain domain, long id, ClientName name, long verifier, Principal principal, long now) {
    this.domain = domain;
    this.id = id;
    this.name = name;
    this.verifier = verifier;
    this.principal = principal;
    renewedNanos = now;
  }

  /** The server that it is a client of. */
  public StateDomain domain() {
    return domain;
  }

  /** The clientid4. */
  public long id() {
    return id;
  }

  /** The name it chose for itself. */
  public ClientName name() {
    return name;
  }

  /** Changes when the client restarts. */
  long verifier() {
    return verifier;
  }

  /** Who established it. */
  public Principal principal() {
    return principal;
  }

  /** Whether it may hold state. */
  public boolean isConfirmed() {
    return confirmed;
  }

  void confirm() {
    confirmed = true;
  }

  /** Whether it and its state are gone. */
  public boolean isDropped() {
    return dropped;
  }

  /** The client was heard of. */
  public void renew(long nowNanos) {
    renewedNanos = nowNanos;
  }

  /** Whether its lease has run out: others may have its state. */
  boolean isExpired(long nowNanos) {
    return nowNanos - renewedNanos > domain.leaseNanos();
  }

  /** Since when it is silent. */
  long renewedNanos() {
    return renewedNanos;
  }

  /** Whether it said that it has nothing more to reclaim. */
  public boolean isReclaimComplete() {
    return reclaimComplete;
  }

  /**
   * It has nothing more to reclaim on any file system.
   *
   * @return false if it had said so before
   */
  public synchronized boolean completeReclaim() {
    if (reclaimComplete) {
      return false;
    }
    reclaimComplete = true;
    return true;
  }

  /** Volumes that remember this client beyond a restart. */
  public Set<Volume> recordedIn() {
    return recordedIn;
  }

  /** Its sessions. */
  List<Session> sessions() {
    return sessions;
  }

  /** The open-owner of this name, made if there is none. */
  public Owner openOwner(Opaque ownerName) throws Refused {
    return owner(openOwners, ownerName);
  }

  /** The lock-owner of this name, made if there is none. */
  public Owner lockOwner(Opaque ownerName) throws Refused {
    return owner(lockOwners, ownerName);
  }

  /** The lock-owner of this name, if there is one. */
  public @Nullable Owner knownLockOwner(Opaque ownerName) {
    return lockOwners.get(ownerName);
  }

  private Owner owner(ConcurrentHashMap<Opaque, Owner> owners, Opaque ownerName) throws Refused {
    Owner known = owners.get(ownerName);
    if (known != null) {
      return known;
    }
    if (owners.size() >= Limits.OWNERS_PER_CLIENT) {
      throw new Refused(Status.DQUOT);
    }
    return owners.computeIfAbsent(ownerName, each -> new Owner(this, each));
  }

  /** An unconfirmed open-owner's opens are forgotten (RFC 7530 §16.18.5). */
  public void revokeOpensOf(Owner owner) {
    for (OpenState open : opens) {
      if (open.owner() == owner) {
        open.file().revoke(open);
      }
    }
  }

  /** RELEASE_LOCKOWNER: forgets a lock-owner. LOCKS_HELD if it holds a range. */
  public void releaseLockOwner(Opaque ownerName) throws Refused {
    Owner owner = lockOwners.get(ownerName);
    if (owner == null) {
      return;
    }
    for (OpenState open : opens) {
      if (open.file().isLockedBy(owner)) {
        throw new Refused(Status.LOCKS_HELD);
      }
    }
    for (OpenState open : opens) {
      LockState lock = open.file().knownLockState(owner);
      if (lock != null) {
        open.file().free(lock);
      }
    }
    lockOwners.remove(ownerName, owner);
  }

  /** 4.1: an owner without state needs not be remembered. */
  public void forgetIfIdle(Owner owner) {
    if (!owner.holdsState()) {
      openOwners.computeIfPresent(
          owner.name(), (_, known) -> known == owner && !known.holdsState() ? null : known);
      lockOwners.computeIfPresent(
          owner.name(), (_, known) -> known == owner && !known.holdsState() ? null : known);
    }
  }

  /** Whether it holds opens (and so, perhaps, locks) or delegations. */
  boolean holdsState() {
    return !opens.isEmpty() || !delegations.isEmpty();
  }

  /** Counts one more delegation, within the limit. */
  boolean addDelegation(Delegation delegation) {
    if (delegationCount.incrementAndGet() > Limits.DELEGATIONS_PER_CLIENT) {
      delegationCount.decrementAndGet();
      return false;
    }
    delegations.add(delegation);
    return true;
  }

  /** Counts one delegation less; one that was taken away is remembered until it is freed. */
  void removeDelegation(Delegation delegation, boolean taken) {
    delegationCount.decrementAndGet();
    delegations.remove(delegation);
    if (taken && revoked.size() < Limits.DELEGATIONS_PER_CLIENT) {
      revoked.add(delegation.id().at(0));
    }
  }

  /** Whether a stateid is that of a delegation which was taken away and is not freed. */
  boolean isRevoked(StateId id) {
    return revoked.contains(id.at(0));
  }

  /** FREE_STATEID of a revoked delegation; false if there was none. */
  boolean freeRevoked(StateId id) {
    return revoked.remove(id.at(0));
  }

  /** Whether delegations were taken away that it has not freed yet. */
  public boolean hasRevoked() {
    return !revoked.isEmpty();
  }

  /** A session's back channel that works, if there is one. */
  public @Nullable CallbackPath callbackPath() {
    for (Session session : sessions) {
      CallbackPath path = session.callbacks();
      if (path != null && path.isUp()) {
        return path;
      }
    }
    return null;
  }

  /** Its copies that go on. */
  public Offloads offloads() {
    return offloads;
  }

  /** Counts one more open, within the limit. */
  boolean addOpen(OpenState open) {
    if (openCount.incrementAndGet() > Limits.OPENS_PER_CLIENT) {
      openCount.decrementAndGet();
      return false;
    }
    opens.add(open);
    return true;
  }

  /** Counts one open less. */
  void removeOpen(OpenState open) {
    openCount.decrementAndGet();
    opens.remove(open);
  }

  /** How many byte ranges it has locked. */
  int locks() {
    return lockCount.get();
  }

  void addLocks(int more) {
    lockCount.addAndGet(more);
  }

  /** Drops everything it holds. Called once, by {@link Clients}, after it was unlisted. */
  void drop() {
    dropped = true;
    for (Session session : sessions) {
      domain.sessions().remove(session);
    }
    sessions.clear();
    offloads.drop();
    for (OpenState open : opens) {
      open.file().revoke(open);
    }
    for (Delegation delegation : delegations) {
      delegation.file().end(delegation, false);
    }
    for (Owner owner : openOwners.values()) {
      owner.forgetClosed();
    }
  }

  int createSeqid() {
    return createSeqid;
  }

  /** The reply to the last CREATE_SESSION, or null before the first. */
  @Nullable Reply created() {
    return created;
  }

  void created(Reply reply) {
    created = reply;
    createSeqid++;
  }

  /** 4.0: what SETCLIENTID_CONFIRM must bring. */
  long confirmVerifier() {
    return confirmVerifier;
  }

  void confirmVerifier(long value) {
    confirmVerifier = value;
  }
}
