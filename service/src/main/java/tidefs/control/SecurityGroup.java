package tidefs.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A security group: who may connect to the mount targets that have it. Rules for what goes out are
 * kept and shown, and hold nothing back: mount targets only answer, and answers go out in AWS too,
 * whatever the rules.
 *
 * @param id {@code sg-} and 8 to 40 hexadecimal digits
 */
public record SecurityGroup(
    String id,
    String vpcId,
    String name,
    String description,
    List<Rule> ingress,
    List<Rule> egress,
    Tags tags)
    implements Standing {
  /** The port of NFS, the only one of a mount target. */
  public static final int NFS_PORT = 2049;

  /** Copies the lists. */
  public SecurityGroup {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /**
   * Whom a rule lets in, to which ports.
   *
   * @param id {@code sgr-} and 17 hexadecimal digits
   * @param protocol {@code tcp}, {@code udp}, {@code icmp}, {@code icmpv6}, a number, or {@code -1}
   *     for all
   * @param fromPort the lowest port, -1 for all
   * @param toPort the highest port, -1 for all
   */
  public record Rule(
      String id, String protocol, int fromPort, int toPort, Source source, String description) {
    /** Whether both let the same in. */
    boolean sameAs(Rule other) {
      return protocol.equals(other.protocol)
          && fromPort == other.fromPort
          && toPort == other.toPort
          && source.equals(other.source);
    }

    private boolean coversNfs() {
      boolean protocolFits = protocol.equals("-1") || protocol.equals("tcp");
      boolean allPorts = protocol.equals("-1") || fromPort == -1;
      return protocolFits && (allPorts || (fromPort <= NFS_PORT && NFS_PORT <= toPort));
    }
  }

  /** Whom a rule lets in. */
  public sealed interface Source {
    /** The addresses of a block. {@code 0.0.0.0/0} is no block of the plan, hence the text. */
    record Block(String cidr) implements Source {}

    /** A block of IPv6 addresses; kept, but no client of an IPv4 mount target has one. */
    record Ipv6Block(String cidr) implements Source {}

    /** The members of a group. */
    record Group(String id) implements Source {}
  }

  /** Which way what a rule admits goes. */
  public enum Direction {
    INGRESS,
    EGRESS
  }

  /** The rule that every group has from the start: everything may go out. */
  static Rule everywhere(String groupId) {
    return new Rule(
        "sgr-e" + groupId.substring("sg-".length()),
        "-1",
        -1,
        -1,
        new Source.Block("0.0.0.0/0"),
        "");
  }

  /** The rules of one direction. */
  public List<Rule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** The group that a VPC has from the start: its members reach each other. */
  static SecurityGroup defaultOf(Vpc vpc) {
    String id = vpc.defaultSecurityGroup();
    Rule self = new Rule("sgr-" + id.substring(3), "-1", -1, -1, new Source.Group(id), "");
    return new SecurityGroup(
        id,
        vpc.id(),
        "default",
        "default VPC security group",
        List.of(self),
        List.of(everywhere(id)),
        Tags.NONE);
  }

  SecurityGroup with(Direction direction, List<Rule> rules) {
    return switch (direction) {
      case INGRESS -> new SecurityGroup(id, vpcId, name, description, rules, egress, tags);
      case EGRESS -> new SecurityGroup(id, vpcId, name, description, ingress, rules, tags);
    };
  }

  /** The sources that may connect to NFS. */
  List<Source> nfsSources() {
    List<Source> found = new ArrayList<>();
    for (Rule rule : ingress) {
      if (rule.coversNfs()) {
        found.add(rule.source());
      }
    }
    return found;
  }

  /** The rule that lets the same in as {@code other}. */
  Optional<Rule> like(Rule other) {
    return ingress.stream().filter(rule -> rule.sameAs(other)).findFirst();
  }
}
