package tidefs.server.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.StateDomain;

/**
 * One NFS server, as clients see it, for every view of a file system: so a client that has mounted
 * it by two access points, or with and without TLS, never sends requests of one mount over
 * connections of the other, whose rights differ.
 */
final class Domains {
  private final NfsConfig config;
  private final Clock clock;
  private final Chance chance;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /** A domain and how many connections use it. Guarded by the map. */
  private record Held(StateDomain domain, int connections) {}

  Domains(NfsConfig config, Clock clock, Chance chance) {
    this.config = config;
    this.clock = clock;
    this.chance = chance;
  }

  /** The domain of this name, for one more connection. */
  StateDomain enter(String name) {
    Held now =
        held.compute(
            name,
            (_, before) ->
                before == null
                    ? new Held(new StateDomain(name, config, clock, chance), 1)
                    : new Held(before.domain, before.connections + 1));
    return now.domain;
  }

  /** A connection of the domain is closed. */
  void leave(String name) {
    held.computeIfPresent(name, (_, before) -> new Held(before.domain, before.connections - 1));
  }

  /** Drops clients that are silent, and domains that nobody uses. Every second. */
  void sweep() {
    held.values().forEach(each -> each.domain.sweep());
    held.values().removeIf(each -> each.connections == 0 && each.domain.clients().size() == 0);
  }
}
