package tidefs.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The network that mount targets live in: one Region with its Availability Zones, VPCs and subnets.
 * It comes from the configuration and does not change while the server runs.
 */
public record Network(
    String region, List<AvailabilityZone> zones, List<Vpc> vpcs, List<Subnet> subnets) {
  /** Refuses a network whose parts do not fit together. */
  public Network {
    zones = List.copyOf(zones);
    vpcs = List.copyOf(vpcs);
    subnets = List.copyOf(subnets);
    Set<String> ids = new HashSet<>();
    for (AvailabilityZone zone : zones) {
      require(ids.add(zone.name()), "two Availability Zones are named", zone.name());
    }
    for (Vpc vpc : vpcs) {
      require(ids.add(vpc.id()), "two VPCs have the id", vpc.id());
    }
    for (int i = 0; i < subnets.size(); i++) {
      Subnet subnet = subnets.get(i);
      require(ids.add(subnet.id()), "two subnets have the id", subnet.id());
      require(zoneNamed(zones, subnet.zoneName()).isPresent(), "no zone for subnet", subnet.id());
      Vpc vpc = vpcWithId(vpcs, subnet.vpcId()).orElse(null);
      if (vpc == null || !vpc.cidr().contains(subnet.cidr())) {
        throw new IllegalArgumentException(
            "subnet " + subnet.id() + " does not lie in a VPC of this network");
      }
      for (Subnet other : subnets.subList(0, i)) {
        if (subnet.cidr().contains(other.cidr()) || other.cidr().contains(subnet.cidr())) {
          throw new IllegalArgumentException(
              "subnets " + other.id() + " and " + subnet.id() + " overlap");
        }
      }
    }
  }

  /**
   * The network that needs no configuration: {@code region} with three zones whose subnets are
   * loopback addresses, so that every mount target gets an address of its own on any Linux host.
   */
  public static Network loopback(String region) {
    String vpc = "vpc-0000000000000127f";
    return new Network(
        region,
        List.of(zone(region, 'a'), zone(region, 'b'), zone(region, 'c')),
        List.of(new Vpc(vpc, Cidr.parse("127.0.0.0/16"), "sg-0000000000000127f", true)),
        List.of(
            loopbackSubnet(vpc, region + "a", 1),
            loopbackSubnet(vpc, region + "b", 2),
            loopbackSubnet(vpc, region + "c", 3)));
  }

  /** This network with one more VPC. */
  Network with(Vpc vpc) {
    List<Vpc> more = new ArrayList<>(vpcs);
    more.add(vpc);
    return new Network(region, zones, more, subnets);
  }

  /** This network with one more subnet. */
  Network with(Subnet subnet) {
    List<Subnet> more = new ArrayList<>(subnets);
    more.add(subnet);
    return new Network(region, zones, vpcs, more);
  }

  /** The zone of that name. */
  public Optional<AvailabilityZone> zone(String name) {
    return zoneNamed(zones, name);
  }

  /** The VPC of that id. */
  public Optional<Vpc> vpc(String id) {
    return vpcWithId(vpcs, id);
  }

  /** The subnet of that id. */
  public Optional<Subnet> subnet(String id) {
    return subnets.stream().filter(subnet -> subnet.id().equals(id)).findFirst();
  }

  private static Subnet loopbackSubnet(String vpc, String zone, int third) {
    return new Subnet(
        "subnet-0000000000001270" + third,
        vpc,
        zone,
        Cidr.parse("127.0." + third + ".0/24"),
        List.of());
  }

  /** {@code us-east-1} and {@code a} are {@code us-east-1a} and {@code use1-az1}. */
  private static AvailabilityZone zone(String region, char letter) {
    StringBuilder id = new StringBuilder();
    for (String part : region.split("-", -1)) {
      id.append(shortened(part));
    }
    return new AvailabilityZone(region + letter, id + "-az" + (letter - 'a' + 1));
  }

  /**
   * AWS shortens geography to letters: {@code east} to {@code e}, {@code southeast} to {@code se}.
   */
  private static String shortened(String part) {
    return switch (part) {
      case "north", "south", "east", "west", "central", "gov" -> part.substring(0, 1);
      case "northeast" -> "ne";
      case "northwest" -> "nw";
      case "southeast" -> "se";
      case "southwest" -> "sw";
      default -> part;
    };
  }

  private static Optional<AvailabilityZone> zoneNamed(List<AvailabilityZone> zones, String name) {
    return zones.stream().filter(zone -> zone.name().equals(name)).findFirst();
  }

  private static Optional<Vpc> vpcWithId(List<Vpc> vpcs, String id) {
    return vpcs.stream().filter(vpc -> vpc.id().equals(id)).findFirst();
  }

  private static void require(boolean condition, String problem, String subject) {
    if (!condition) {
      throw new IllegalArgumentException(problem + " " + subject);
    }
  }
}
