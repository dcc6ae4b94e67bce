package tidefs.nfs4.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.nfs4.op.Status;

/**
 * The clients of a domain. Establishing and dropping them takes the monitor of this object; finding
 * one takes none.
 */
public final class Clients {
  private static final Logger log = LoggerFactory.getLogger(Clients.class);

  private final StateDomain domain;
  private final ConcurrentHashMap<Long, Client> byId = new ConcurrentHashMap<>();

  /** Guarded by this object's monitor. */
  private final Map<ClientName, Named> byName = new HashMap<>();

  /** Clients that were dropped because their lease had run out, the last of them. */
  private final Set<Long> expired = new LinkedHashSet<>();

  private int nextId;

  Clients(StateDomain domain) {
    this.domain = domain;
    nextId = (int) domain.chance().nextLong() & 0xffff;
  }

  /** The clients of one name: the one that holds state, and one that would replace or renew it. */
  static final class Named {
    @Nullable Client confirmed;
    @Nullable Client unconfirmed;
  }

  /** The client with this id, confirmed or not. STALE_CLIENTID if there is none. */
  public Client find(long clientId) throws Refused {
    Client client = byId.get(clientId);
    if (client == null) {
      throw new Refused(Status.STALE_CLIENTID);
    }
    return client;
  }

  /** The confirmed client with this id, its lease renewed. STALE_CLIENTID or EXPIRED. */
  public Client confirmed(long clientId) throws Refused {
    Client client = byId.get(clientId);
    if (client == null || !client.isConfirmed()) {
      throw new Refused(isExpired(clientId) ? Status.EXPIRED : Status.STALE_CLIENTID);
    }
    client.renew(domain.nanos());
    return client;
  }

  private synchronized boolean isExpired(long clientId) {
    return expired.contains(clientId);
  }

  private synchronized void dropAsExpired(Client client) {
    drop(client);
    expired.add(client.id());
    if (expired.size() > Limits.REVOKED_STATES) {
      expired.remove(expired.iterator().next());
    }
  }

  /** How many there are. */
  public int size() {
    return byId.size();
  }

  /** The clients of a name. Under the monitor. */
  Named named(ClientName name) {
    return byName.computeIfAbsent(name, _ -> new Named());
  }

  /** Lists a new client, unconfirmed, in place of another unconfirmed one. Under the monitor. */
  Client add(ClientName name, long verifier, Principal principal) throws Refused {
    if (byId.size() >= Limits.CLIENTS) {
      throw new Refused(name.minorVersion() == 0 ? Status.RESOURCE : Status.DELAY);
    }
    return add(name, verifier, principal, ((long) domain.boot() << Integer.SIZE) | nextId++);
  }

  /** Lists a client with an id that its name has already (RFC 7530 §16.33.5). */
  Client add(ClientName name, long verifier, Principal principal, long id) {
    Named all = named(name);
    Client client = new Client(domain, id, name, verifier, principal, domain.nanos());
    Client before = all.unconfirmed;
    if (before != null) {
      byId.remove(before.id(), before);
    }
    all.unconfirmed = client;
    byId.putIfAbsent(id, client);
    return client;
  }

  /** The unconfirmed client becomes the confirmed one of its name. Under the monitor. */
  void confirm(Client client) {
    Named all = named(client.name());
    Client before = all.confirmed;
    all.confirmed = client;
    all.unconfirmed = null;
    client.confirm();
    if (before != null && before != client) {
      byId.remove(before.id(), before);
      // A record beyond restarts is by name: the successor has it now.
      client.recordedIn().addAll(before.recordedIn());
      before.recordedIn().clear();
      before.drop();
    }
    byId.put(client.id(), client);
    client.renew(domain.nanos());
  }

  /** Forgets an unconfirmed client. Under the monitor. */
  void forgetUnconfirmed(Named all) {
    Client client = all.unconfirmed;
    if (client != null) {
      byId.remove(client.id(), client);
      all.unconfirmed = null;
    }
  }

  /** Drops a client with all its state. */
  public synchronized void drop(Client client) {
    Named all = byName.get(client.name());
    if (all != null) {
      if (all.confirmed == client) {
        all.confirmed = null;
      }
      if (all.unconfirmed == client) {
        all.unconfirmed = null;
      }
      if (all.confirmed == null && all.unconfirmed == null) {
        byName.remove(client.name());
      }
    }
    byId.remove(client.id(), client);
    client.drop();
    for (Volume volume : client.recordedIn()) {
      volume.recovery().forgetSoon(client);
    }
    client.recordedIn().clear();
  }

  /** Drops a client only if it is still silent: it may have come back meanwhile. */
  void dropExpired(Client client) {
    if (client.isExpired(domain.nanos())) {
      log.atInfo()
          .addKeyValue("client", client.id())
          .addKeyValue("domain", domain.name())
          .log("An expired client's state is taken by another client");
      dropAsExpired(client);
    }
  }

  /**
   * Drops clients that are silent for longer than their lease and hold nothing, and of those that
   * hold something the longest silent beyond the limit.
   */
  void sweep() {
    long now = domain.nanos();
    List<Client> courtesy = new ArrayList<>();
    for (Client client : byId.values()) {
      client.offloads().tick();
      if (!client.isExpired(now)) {
        continue;
      }
      if (client.holdsState()) {
        courtesy.add(client);
      } else {
        dropAsExpired(client);
      }
    }
    if (courtesy.size() > Limits.COURTESY_CLIENTS) {
      courtesy.sort((a, b) -> Long.compare(a.renewedNanos() - now, b.renewedNanos() - now));
      courtesy.subList(0, courtesy.size() - Limits.COURTESY_CLIENTS).forEach(this::dropAsExpired);
    }
  }
}
