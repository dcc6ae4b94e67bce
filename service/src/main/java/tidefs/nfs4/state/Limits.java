package tidefs.nfs4.state;

import java.time.Duration;

/** What one client, session or file may hold. The EFS quotas are those of its User Guide. */
public final class Limits {
  /** Open files of one client (EFS: 65,536); beyond it NFS4ERR_DQUOT. */
  public static final int OPENS_PER_CLIENT = 65_536;

  /** Byte-range locks of one client (EFS: 65,536 for each mount); beyond it NFS4ERR_DQUOT. */
  public static final int LOCKS_PER_CLIENT = 65_536;

  /** Byte-range locks on one file, all clients together (EFS: 512). */
  public static final int LOCKS_PER_FILE = 512;

  /** Open-owners and lock-owners of one client. */
  public static final int OWNERS_PER_CLIENT = 131_072;

  /** Client records of one domain, unconfirmed ones included; beyond it NFS4ERR_RESOURCE. */
  public static final int CLIENTS = 100_000;

  /** Clients whose lease ran out and whose state is kept all the same, until someone needs it. */
  public static final int COURTESY_CLIENTS = 1_000;

  /** Sessions of one client. */
  public static final int SESSIONS_PER_CLIENT = 64;

  /** Slots of one session, however many are configured. */
  public static final int SLOTS = 1_024;

  /** Slots that all sessions of a domain should use together. */
  public static final int SLOTS_PER_DOMAIN = 1_000_000;

  /** Connections that one session remembers; more may use it. */
  public static final int CONNECTIONS_PER_SESSION = 64;

  /** Largest reply that a slot or an owner keeps for a replay. */
  public static final int CACHED_REPLY_BYTES = 64 << 10;

  /** Stateids and client ids that a domain remembers as taken away. */
  public static final int REVOKED_STATES = 65_536;

  /** Replies of 4.0 that a domain keeps for requests that come again. */
  public static final int DUPLICATE_REQUESTS = 4_096;

  /** Owners that wait for byte-range locks on one file and so have their turn one day. */
  public static final int WAITERS_PER_FILE = 64;

  /** How long a waiting owner may be overtaken by others that are quicker. */
  public static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

  /** How soon a waiting client is expected to ask again at the earliest. */
  public static final Duration LOCK_POLL = Duration.ofSeconds(1);

  /** Delegations of one client. */
  public static final int DELEGATIONS_PER_CLIENT = 16_384;

  /** Delegations of files of one file system. */
  public static final int DELEGATIONS_PER_VOLUME = 131_072;

  /** Copies of one client that go on, or of whose end it has not heard. */
  public static final int COPIES_PER_CLIENT = 16;

  /** Clones that all clients together have done at once; each takes a worker. */
  public static final int CLONES_AT_ONCE = 4;

  /** How soon a recall that got lost is repeated. */
  public static final Duration RECALL_INTERVAL = Duration.ofSeconds(1);

  /** How long after a recall the file is not delegated again. */
  public static final Duration DELEGATION_PAUSE = Duration.ofSeconds(30);

  private Limits() {}
}
