package tidefs.fs.throughput;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import tidefs.base.Clock;
import tidefs.base.SpinLock;

/**
 * Decides when the requests of one file system may go on. While the file system is within its
 * allowance a request goes at once; beyond it requests wait: those of one client in their order,
 * and each client gets the same share. Nothing is dropped. For concurrent use; under a profile that
 * is not enforced a decision is one read.
 *
 * <p>Three buckets are shared by all clients: metered bytes, the shares of reads and writes in what
 * the Region gives, and operations; one more is each client's own. A request may go when all four
 * are free and takes from each. Clients are served by start-time fair queueing (Goyal, Vin, Cheng,
 * 1996): every client has a virtual time that moves on by what it is metered, and the one that is
 * furthest behind is next. A decision costs O(log n) of the clients that wait.
 *
 * <p>Below the limits a thread gets an {@link Advance}: a small part of what the buckets have
 * saved, for the client that it serves. What it was used for is accounted for before the next
 * decision, and all advances together are worth less than what the buckets can save.
 */
public final class Governor {
  private static final long SAVED_NANOS = 50_000_000;

  /** Requests that wait go in batches: a wake-up for each costs more than what it lets go. */
  private static final long LEAST_WAIT_NANOS = 1_000_000;

  private static final int CLIENTS_BEFORE_SWEEP = 256;

  /** An advance is this part of half of what is there. */
  private static final int ADVANCES = SpinLock.shares();

  private final Profile profile;
  private final Clock clock;
  private final Timer timer;
  private final boolean enforced;
  private final ReentrantLock lock = new ReentrantLock();
  private final Bucket metered;
  private final Bucket shares;
  private final Bucket operations;
  private final BurstCredits credits;
  private final Map<Object, Client> clients = new HashMap<>();
  private final PriorityQueue<Client> turns =
      new PriorityQueue<>(
          Comparator.comparingLong((Client client) -> client.start)
              .thenComparingLong(client -> client.turn));
  private final PriorityQueue<Client> overOwnLimit =
      new PriorityQueue<>(Comparator.comparingLong(client -> client.own.freeAtNanos()));
  private final Advance[] advances = new Advance[ADVANCES];
  private Settings settings;
  private Allowance allowance;
  private boolean hasCredits;
  private boolean wakeScheduled;
  private int sweepAt = CLIENTS_BEFORE_SWEEP;

  /** The virtual time of the request that went last, in metered bytes. */
  private long virtualTime;

  private long lastTurn;

  /** Runs a task once, after a delay, on a thread of its own choice. */
  @FunctionalInterface
  public interface Timer {
    /** Runs {@code task} no sooner than after {@code nanos}. */
    void after(long nanos, Runnable task);
  }

  /** A request that waits, and what its client waits for. */
  private record Waiting(Io io, Runnable go) {}

  private static final class Client {
    final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    final Bucket own;

    /** The virtual times of its first request and of its last one's end. */
    long start;

    long end;

    /** Among equals, who came first. */
    long turn;

    /** One that has been quiet, as those are who are forgotten. */
    Client(long nowNanos) {
      own = new Bucket(SAVED_NANOS, nowNanos - SAVED_NANOS);
    }
  }

  /**
   * A governor.
   *
   * @param creditBytes the balance to begin with: {@link Figures#CREDIT_BYTES} for a new file
   *     system
   */
  public Governor(Profile profile, Settings settings, long creditBytes, Clock clock, Timer timer) {
    this.profile = profile;
    this.settings = settings;
    this.clock = clock;
    this.timer = timer;
    enforced = profile.enforced();
    long now = clock.monotonicNanos();
    metered = new Bucket(SAVED_NANOS, now);
    shares = new Bucket(SAVED_NANOS, now);
    operations = new Bucket(SAVED_NANOS, now);
    credits = new BurstCredits(creditBytes, now);
    hasCredits = credits.balance() > 0;
    allowance = Allowance.of(settings, profile, hasCredits);
    Arrays.setAll(advances, _ -> new Advance());
  }

  /**
   * Whether a request may go on at once, for sure. If so it is accounted for; else {@link #admit}
   * decides.
   */
  public boolean goesAtOnce(Object client, Io io, long nowNanos) {
    return !enforced || advances[SpinLock.mine(ADVANCES)].take(client, io, nowNanos);
  }

  /**
   * Accounts for a request.
   *
   * @param client whose it is; compared by equality
   * @param go run once, later, if the request has to wait; never under a lock
   * @return whether it may go on at once; {@code go} is not run then
   */
  public boolean admit(Object client, Io io, Runnable go) {
    long now = clock.monotonicNanos();
    if (goesAtOnce(client, io, now)) {
      return true;
    }
    lock.lock();
    try {
      settle(now);
      refresh(now);
      sweep(now);
      Client its = client(client, now);
      boolean nobodyWaits = turns.isEmpty() && its.queue.isEmpty();
      if (nobodyWaits && isFree(now) && its.own.isFree(now)) {
        charge(its, io, now);
        advance(client, its, now);
        return true;
      }
      endAdvances(); // Nobody goes ahead of who waits.
      if (its.queue.isEmpty()) {
        takeTurn(its);
      }
      its.queue.addLast(new Waiting(io, go));
      schedule(now);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go on who may. The timer calls it; a test may. */
  void wake() {
    List<Runnable> free = new ArrayList<>();
    lock.lock();
    try {
      long now = clock.monotonicNanos();
      wakeScheduled = false;
      settle(now);
      refresh(now);
      serve(now, free);
      schedule(now);
    } finally {
      lock.unlock();
    }
    free.forEach(Runnable::run);
  }

  /** Lets other settings hold from now on. */
  public void settings(Settings newSettings) {
    lock.lock();
    try {
      long now = clock.monotonicNanos();
      settle(now);
      refresh(now);
      settings = newSettings;
      endAdvances();
      allow();
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** What the allowance depends on. */
  public Settings settings() {
    lock.lock();
    try {
      return settings;
    } finally {
      lock.unlock();
    }
  }

  /** What the file system may do now. */
  public Allowance allowance() {
    lock.lock();
    try {
      long now = clock.monotonicNanos();
      settle(now);
      refresh(now);
      return allowance;
    } finally {
      lock.unlock();
    }
  }

  /** The balance of burst credits, in bytes. */
  public long creditBytes() {
    lock.lock();
    try {
      long now = clock.monotonicNanos();
      settle(now);
      refresh(now);
      return credits.balance();
    } finally {
      lock.unlock();
    }
  }

  /** How many requests wait. */
  public int waiting() {
    lock.lock();
    try {
      return clients.values().stream().mapToInt(client -> client.queue.size()).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Accounts for all that went without asking; what is left of advances may still be used. */
  private void settle(long now) {
    for (Advance each : advances) {
      each.settle((client, total) -> charge(client(client, now), total, now));
    }
  }

  private void endAdvances() {
    for (Advance each : advances) {
      each.end();
    }
  }

  private Client client(Object client, long now) {
    return clients.computeIfAbsent(client, _ -> new Client(now));
  }

  private void refresh(long now) {
    if (settings.mode() instanceof Mode.Elastic) {
      credits.pause(now); // Elastic throughput neither earns nor spends credits.
      return;
    }
    long standard = settings.standardBytes();
    credits.earn(earning(standard), Allowance.creditCap(standard), now);
    if (hasCredits != credits.balance() > 0) {
      allow();
    }
  }

  private void allow() {
    hasCredits = credits.balance() > 0;
    allowance = Allowance.of(settings, profile, hasCredits);
  }

  /** In provisioned mode credits grow at the higher of the two rates. */
  private long earning(long standardBytes) {
    long baseline = Allowance.baseline(standardBytes);
    return settings.mode() instanceof Mode.Provisioned provisioned
        ? Math.max(baseline, provisioned.bytesPerSecond())
        : baseline;
  }

  private boolean isFree(long now) {
    return metered.isFree(now) && shares.isFree(now) && operations.isFree(now);
  }

  private void charge(Client client, Io io, long now) {
    Advance.Total total = new Advance.Total();
    total.add(io);
    charge(client, total, now);
  }

  private void charge(Client client, Advance.Total total, long now) {
    Caps caps = allowance.caps();
    virtualTime = Math.max(virtualTime, client.end);
    client.end = virtualTime + total.metered();
    if (!(settings.mode() instanceof Mode.Elastic)) {
      metered.take((double) total.metered() / allowance.meteredBytesPerSecond(), now);
      credits.spend(total.metered());
    }
    shares.take(total.shareSeconds(caps), now);
    operations.take(total.operationSeconds(caps), now);
    client.own.take((double) total.bytes() / caps.clientBytesPerSecond(), now);
  }

  /** Lets this thread go on with a client by itself, as far as every bucket has saved for it. */
  private void advance(Object client, Client its, long now) {
    Caps caps = allowance.caps();
    double saved = Math.min(metered.savedSeconds(now), shares.savedSeconds(now));
    saved = Math.min(saved, Math.min(operations.savedSeconds(now), its.own.savedSeconds(now)));
    double part = saved / (2L * ADVANCES);
    int slowest = Math.min(caps.readOperationsPerSecond(), caps.writeOperationsPerSecond());
    long rate = Math.min(caps.readBytesPerSecond(), caps.writeBytesPerSecond());
    rate = Math.min(rate, Math.min(caps.clientBytesPerSecond(), allowance.meteredBytesPerSecond()));
    long bytes = (long) (part * rate);
    if (hasCredits && !(settings.mode() instanceof Mode.Elastic)) {
      bytes = Math.min(bytes, credits.balance() / (2L * ADVANCES));
    }
    long until = now + SAVED_NANOS;
    advances[SpinLock.mine(ADVANCES)].grant(client, (long) (part * slowest), bytes, until);
  }

  private void serve(long now, List<Runnable> free) {
    while (!overOwnLimit.isEmpty() && overOwnLimit.peek().own.isFree(now)) {
      takeTurn(overOwnLimit.remove());
    }
    while (!turns.isEmpty() && isFree(now)) {
      Client client = turns.remove();
      if (!client.own.isFree(now)) {
        overOwnLimit.add(client);
        continue;
      }
      Waiting first = client.queue.removeFirst();
      charge(client, first.io, now);
      refresh(now); // The last credit may be spent.
      free.add(first.go);
      if (!client.queue.isEmpty()) {
        takeTurn(client);
      }
    }
  }

  private void takeTurn(Client client) {
    client.start = Math.max(virtualTime, client.end);
    client.turn = ++lastTurn;
    turns.add(client);
  }

  private void schedule(long now) {
    if (wakeScheduled) {
      return;
    }
    long at;
    if (!turns.isEmpty()) {
      at =
          Math.max(metered.freeAtNanos(), Math.max(shares.freeAtNanos(), operations.freeAtNanos()));
    } else if (!overOwnLimit.isEmpty()) {
      at = overOwnLimit.peek().own.freeAtNanos();
    } else {
      return;
    }
    wakeScheduled = true;
    timer.after(Math.max(at - now, LEAST_WAIT_NANOS), this::wake);
  }

  /** Forgets clients that have come to rest, now and then. */
  private void sweep(long now) {
    if (clients.size() >= sweepAt) {
      clients.values().removeIf(client -> client.queue.isEmpty() && client.own.isFull(now));
      sweepAt = Math.max(CLIENTS_BEFORE_SWEEP, 2 * clients.size());
    }
  }
}
