package tidefs.nfs4.state;

import tidefs.base.Chance;
import tidefs.base.Clock;

/**
 * One NFS server as its clients see it: what server owner, scope, client ids, sessions and stateids
 * are relative to (RFC 8881 §2.10.5). Each file system is a domain, with all its mount targets; a
 * listener that shows several file systems under one root is another.
 */
public final class StateDomain {
  private final String name;
  private final NfsConfig config;
  private final Clock clock;
  private final Chance chance;
  private final int boot;
  private final StateTable states;
  private final Sessions sessions;
  private final Clients clients;
  private final ExchangeIds exchangeIds;
  private final SetClientIds setClientIds;
  private final StateIds stateIds;
  private final DuplicateRequests duplicateRequests = new DuplicateRequests();

  /**
   * A server without clients.
   *
   * @param name its major id as server owner, the same after a restart
   */
  public StateDomain(String name, NfsConfig config, Clock clock, Chance chance) {
    this.name = name;
    this.config = config;
    this.clock = clock;
    this.chance = chance;
    // Told apart from earlier starts by the time: sixteenths of a second, never 0 or all ones.
    boot = ((int) (clock.now().toEpochMilli() >>> 6) & 0x7fff_ffff) | 1;
    states = new StateTable(boot, chance);
    sessions = new Sessions(this);
    clients = new Clients(this);
    exchangeIds = new ExchangeIds(this);
    setClientIds = new SetClientIds(this);
    stateIds = new StateIds(this);
  }

  /** The major id as server owner, and the scope. */
  public String name() {
    return name;
  }

  /** How the server behaves. */
  public NfsConfig config() {
    return config;
  }

  /** Its clients. */
  public Clients clients() {
    return clients;
  }

  /** Its sessions. */
  public Sessions sessions() {
    return sessions;
  }

  /** How clients of 4.1 come and go. */
  public ExchangeIds exchangeIds() {
    return exchangeIds;
  }

  /** How clients of 4.0 come. */
  public SetClientIds setClientIds() {
    return setClientIds;
  }

  /** Replies to requests of 4.0 that may come again. */
  public DuplicateRequests duplicateRequests() {
    return duplicateRequests;
  }

  /** What stateids stand for. */
  public StateIds stateIds() {
    return stateIds;
  }

  /** Drops clients that are silent for too long. To be called every few seconds. */
  public void sweep() {
    clients.sweep();
  }

  /** Nanoseconds now, as leases count them. */
  public long nanos() {
    return clock.monotonicNanos();
  }

  long leaseNanos() {
    return config.lease().toNanos();
  }

  Chance chance() {
    return chance;
  }

  StateTable states() {
    return states;
  }

  /** Differs with each start. */
  int boot() {
    return boot;
  }
}
