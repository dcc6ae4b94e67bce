package tidefs.control;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may connect to which mount target, as the security groups say. It is asked for every
 * connection, from any thread, and never waits: each mount target's answer is an immutable list
 * that is replaced when a group or the mount target changes. A connection that stands already goes
 * on, as in AWS.
 *
 * <p><b>Groups as sources.</b> In AWS a rule may let in the members of a group. This server knows
 * the groups of mount targets, not those of clients. Hence the default group of a VPC stands for
 * all addresses of the VPC, so that what is mounted without any configuration works; another group
 * stands for the mount targets that have it, and lets no client in: clients are let in by their
 * addresses.
 */
public final class Firewall {
  private final Map<Inet4Address, List<Cidr>> admitted = new ConcurrentHashMap<>();

  Firewall() {}

  /** Whether a client may connect to an address; everyone may to one that is no mount target. */
  public boolean admits(InetAddress server, InetAddress client) {
    if (!(server instanceof Inet4Address address)) {
      return true;
    }
    List<Cidr> blocks = admitted.get(address);
    if (blocks == null) {
      return true;
    }
    return client instanceof Inet4Address from
        && blocks.stream().anyMatch(block -> block.contains(from));
  }

  /** Works out a mount target's answer again. Called under the lock of {@link Resources}. */
  void update(MountTarget mountTarget, ResourceTables tables) {
    List<Cidr> blocks = new ArrayList<>();
    for (String id : mountTarget.securityGroups()) {
      tables.securityGroup(id).map(SecurityGroup::nfsSources).orElse(List.of()).stream()
          .map(source -> block(source, tables))
          .flatMap(Optional::stream)
          .forEach(blocks::add);
    }
    admitted.put(mountTarget.address(), List.copyOf(blocks));
  }

  void remove(MountTarget mountTarget) {
    admitted.remove(mountTarget.address());
  }

  private static Optional<Cidr> block(SecurityGroup.Source source, ResourceTables tables) {
    return switch (source) {
      case SecurityGroup.Source.Block(String cidr) -> Optional.of(Cidr.parse(cidr));
      case SecurityGroup.Source.Ipv6Block _ -> Optional.empty();
      case SecurityGroup.Source.Group(String id) ->
          tables.network().vpcs().stream()
              .filter(vpc -> vpc.defaultSecurityGroup().equals(id))
              .map(Vpc::cidr)
              .findFirst();
    };
  }
}
