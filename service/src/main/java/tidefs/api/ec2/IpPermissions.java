package tidefs.api.ec2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tidefs.api.ServiceError;
import tidefs.control.Cidr;
import tidefs.control.SecurityGroup.Direction;
import tidefs.control.SecurityGroup.Rule;
import tidefs.control.SecurityGroup.Source;

/** The rules in a request to authorize or revoke, in either of EC2's two forms. */
final class IpPermissions {
  private static final int COUNT = 200;
  private static final int PORT_MAX = 65_535;
  private static final Map<String, String> NUMBERS = Map.of("6", "tcp", "17", "udp", "1", "icmp");
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "icmp", "icmpv6", "-1");

  private final Ec2Request request;
  private final List<Rule> rules = new ArrayList<>();

  private IpPermissions(Ec2Request request) {
    this.request = request;
  }

  /** The name of the action that does something to the rules of a direction. */
  static String action(String verb, Direction direction) {
    return switch (direction) {
      case INGRESS -> verb + "SecurityGroupIngress";
      case EGRESS -> verb + "SecurityGroupEgress";
    };
  }

  /** The error of a request without any. */
  static ServiceError missing() {
    return new ServiceError(400, "MissingParameter", "The request must contain a permission");
  }

  static List<Rule> of(Ec2Request request) throws ServiceError {
    IpPermissions read = new IpPermissions(request);
    if (request.value("IpProtocol").isPresent()) {
      read.sources("", "");
    }
    for (int i = 1; i <= COUNT; i++) {
      String prefix = "IpPermissions." + i + ".";
      if (request.value(prefix + "IpProtocol").isEmpty()) {
        break;
      }
      read.sources(prefix, prefix);
    }
    return read.rules;
  }

  private void sources(String prefix, String ports) throws ServiceError {
    String given = request.required(prefix + "IpProtocol");
    String protocol = NUMBERS.getOrDefault(given, given);
    boolean all = protocol.equals("-1");
    int from = all ? -1 : request.number(ports + "FromPort", -1);
    int to = all ? -1 : request.number(ports + "ToPort", -1);
    boolean portsFit = from >= -1 && to >= from && to <= PORT_MAX;
    if (!portsFit || !(PROTOCOLS.contains(protocol) || protocol.matches("[0-9]{1,3}"))) {
      throw new ServiceError(
          400, "InvalidParameterValue", "Invalid value for portRange or protocol '" + given + "'.");
    }
    if (prefix.isEmpty()) {
      rules.add(rule(protocol, from, to, block(request.required("CidrIp")), ""));
      return;
    }
    int before = rules.size();
    for (int i = 1; i <= COUNT; i++) {
      String range = prefix + "IpRanges." + i;
      if (request.value(range + ".CidrIp").isPresent()) {
        Source source = block(request.required(range + ".CidrIp"));
        rules.add(rule(protocol, from, to, source, range));
      }
      String range6 = prefix + "Ipv6Ranges." + i;
      if (request.value(range6 + ".CidrIpv6").isPresent()) {
        Source source = new Source.Ipv6Block(request.required(range6 + ".CidrIpv6"));
        rules.add(rule(protocol, from, to, source, range6));
      }
      String group = prefix + "Groups." + i;
      if (request.value(group + ".GroupId").isPresent()) {
        Source source = new Source.Group(request.required(group + ".GroupId"));
        rules.add(rule(protocol, from, to, source, group));
      }
    }
    if (rules.size() == before) {
      throw new ServiceError(400, "MissingParameter", "A permission names nobody to let in.");
    }
  }

  private Rule rule(String protocol, int from, int to, Source source, String described) {
    String description = request.value(described + ".Description").orElse("");
    return new Rule("", protocol, from, to, source, description);
  }

  private static Source block(String cidr) throws ServiceError {
    try {
      return new Source.Block(Cidr.parse(cidr).toString());
    } catch (IllegalArgumentException e) {
      throw new ServiceError(400, "InvalidParameterValue", "CIDR block " + cidr + " is malformed");
    }
  }
}
