package tidefs.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tidefs.control.SecurityGroup.Direction;

/** The calls on VPCs, subnets and security groups. */
public final class Networking {
  private final Resources resources;
  private final Ids ids;

  Networking(Resources resources, Ids ids) {
    this.resources = resources;
    this.ids = ids;
  }

  /** Adds a VPC to the network, with a default security group. */
  public Vpc createVpc(String cidr) throws NetworkRefusal {
    Cidr block = block(cidr, 16, 28, "InvalidVpc.Range");
    return resources.call((tables, changes) -> {
      if (tables.network().vpcs().size() >= Limits.VPCS) {
        throw new NetworkRefusal(
            "VpcLimitExceeded", "The maximum number of VPCs has been reached.");
      }
      return changes.put(new Vpc(ids.next("vpc-"), block, ids.next("sg-"), false));
    });
  }

  /** Adds a subnet to a VPC. Mount targets in it need addresses that this host has. */
  public Subnet createSubnet(String vpcId, String cidr, Optional<String> zone)
      throws NetworkRefusal {
    Cidr block = block(cidr, 16, 28, "InvalidSubnet.Range");
    return resources.call((tables, changes) -> {
      Network network = tables.network();
      Vpc vpc =
          network
              .vpc(vpcId)
              .orElseThrow(() ->
                  new NetworkRefusal(
                      "InvalidVpcID.NotFound", "The vpc ID '" + vpcId + "' does not exist"));
      if (!vpc.cidr().contains(block)) {
        throw new NetworkRefusal("InvalidSubnet.Range", "The CIDR '" + cidr + "' is invalid.");
      }
      for (Subnet other : network.subnets()) {
        if (other.cidr().contains(block) || block.contains(other.cidr())) {
          throw new NetworkRefusal(
              "InvalidSubnet.Conflict", "The CIDR '" + cidr + "' conflicts with another subnet");
        }
      }
      if (network.subnets().size() >= Limits.SUBNETS) {
        throw new NetworkRefusal(
            "SubnetLimitExceeded", "The maximum number of subnets has been reached.");
      }
      String name = zone.orElse(network.zones().getFirst().name());
      if (network.zone(name).isEmpty()) {
        throw new NetworkRefusal(
            "InvalidParameterValue",
            "Value (" + name + ") for parameter availabilityZone is invalid.");
      }
      return changes.put(new Subnet(ids.next("subnet-"), vpcId, name, block, List.of()));
    });
  }

  private static Cidr block(String text, int shortest, int longest, String code)
      throws NetworkRefusal {
    try {
      Cidr block = Cidr.parse(text);
      if (block.prefixLength() >= shortest && block.prefixLength() <= longest) {
        return block;
      }
    } catch (IllegalArgumentException e) {
      throw new NetworkRefusal(
          "InvalidParameterValue",
          "Value ("
              + text
              + ") for parameter cidrBlock is invalid. This is not a valid CIDR block.");
    }
    throw new NetworkRefusal(code, "The CIDR '" + text + "' is invalid.");
  }

  /** All security groups, by id. */
  public List<SecurityGroup> securityGroups() {
    return resources.call((tables, _) -> List.copyOf(tables.securityGroups().values()));
  }

  /** Makes a security group that lets nobody in. */
  public SecurityGroup createSecurityGroup(String vpcId, String name, String description, Tags tags)
      throws NetworkRefusal {
    return resources.call((tables, changes) -> {
      if (tables.network().vpc(vpcId).isEmpty()) {
        throw new NetworkRefusal(
            "InvalidVpcID.NotFound", "The vpc ID '" + vpcId + "' does not exist");
      }
      for (SecurityGroup other : tables.securityGroups().values()) {
        if (other.vpcId().equals(vpcId) && other.name().equals(name)) {
          throw new NetworkRefusal(
              "InvalidGroup.Duplicate",
              "The security group '" + name + "' already exists for VPC '" + vpcId + "'");
        }
      }
      if (tables.securityGroups().size() >= Limits.SECURITY_GROUPS) {
        throw new NetworkRefusal(
            "SecurityGroupLimitExceeded",
            "The maximum number of security groups for VPC '" + vpcId + "' has been reached.");
      }
      String id = ids.next("sg-");
      List<SecurityGroup.Rule> egress = List.of(SecurityGroup.everywhere(id));
      return changes.put(new SecurityGroup(id, vpcId, name, description, List.of(), egress, tags));
    });
  }

  /** Deletes a security group that no mount target has and no rule names. */
  public void deleteSecurityGroup(String id) throws NetworkRefusal {
    resources.call((tables, changes) -> {
      SecurityGroup group = existing(tables, id);
      boolean isDefault =
          tables.network().vpcs().stream().anyMatch(vpc -> vpc.defaultSecurityGroup().equals(id));
      if (isDefault) {
        throw new NetworkRefusal(
            "CannotDelete",
            "the specified group: \"" + id + "\" name: \"default\" cannot be deleted by a user");
      }
      boolean used =
          tables.mountTargets().values().stream().anyMatch(it -> it.securityGroups().contains(id))
              || tables.securityGroups().values().stream()
                  .filter(other -> !other.id().equals(id))
                  .flatMap(
                      other -> Stream.concat(other.ingress().stream(), other.egress().stream()))
                  .anyMatch(rule -> rule.source().equals(new SecurityGroup.Source.Group(id)));
      if (used) {
        throw new NetworkRefusal(
            "DependencyViolation", "resource " + id + " has a dependent object");
      }
      changes.remove(group);
      return group;
    });
  }

  /** Lets more in or out; none of the rules may be there. Returns them with their ids. */
  public List<SecurityGroup.Rule> authorize(
      String id, Direction direction, List<SecurityGroup.Rule> rules) throws NetworkRefusal {
    return resources.call((tables, changes) -> {
      SecurityGroup group = existing(tables, id);
      List<SecurityGroup.Rule> all = new ArrayList<>(group.rules(direction));
      List<SecurityGroup.Rule> added = new ArrayList<>();
      for (SecurityGroup.Rule rule : rules) {
        refuseUnknownGroup(tables, rule);
        if (all.stream().anyMatch(rule::sameAs)) {
          throw new NetworkRefusal(
              "InvalidPermission.Duplicate",
              "the specified rule \"peer: " + told(rule) + "\" already exists");
        }
        SecurityGroup.Rule named =
            new SecurityGroup.Rule(
                ids.next("sgr-"),
                rule.protocol(),
                rule.fromPort(),
                rule.toPort(),
                rule.source(),
                rule.description());
        all.add(named);
        added.add(named);
      }
      if (all.size() > Limits.RULES_PER_SECURITY_GROUP) {
        throw new NetworkRefusal(
            "RulesPerSecurityGroupLimitExceeded",
            "The maximum number of rules per security group has been reached.");
      }
      changes.put(group.with(direction, all));
      return added;
    });
  }

  /** Lets the same in or out no more; all of the rules must be there. */
  public void revoke(
      String id, Direction direction, List<SecurityGroup.Rule> rules, List<String> ruleIds)
      throws NetworkRefusal {
    resources.call((tables, changes) -> {
      SecurityGroup group = existing(tables, id);
      List<SecurityGroup.Rule> left = new ArrayList<>(group.rules(direction));
      for (SecurityGroup.Rule rule : rules) {
        if (!left.removeIf(rule::sameAs)) {
          throw new NetworkRefusal(
              "InvalidPermission.NotFound",
              "The specified rule does not exist in this security group.");
        }
      }
      for (String rule : ruleIds) {
        if (!left.removeIf(it -> it.id().equals(rule))) {
          throw new NetworkRefusal(
              "InvalidSecurityGroupRuleId.NotFound",
              "The security group rule ID '" + rule + "' does not exist");
        }
      }
      return changes.put(group.with(direction, left));
    });
  }

  private static SecurityGroup existing(ResourceTables tables, String id) throws NetworkRefusal {
    return tables
        .securityGroup(id)
        .orElseThrow(() ->
            new NetworkRefusal(
                "InvalidGroup.NotFound", "The security group '" + id + "' does not exist"));
  }

  private static void refuseUnknownGroup(ResourceTables tables, SecurityGroup.Rule rule)
      throws NetworkRefusal {
    if (rule.source() instanceof SecurityGroup.Source.Group(String id)) {
      existing(tables, id);
    }
  }

  private static String told(SecurityGroup.Rule rule) {
    String peer =
        switch (rule.source()) {
          case SecurityGroup.Source.Block(String cidr) -> cidr;
          case SecurityGroup.Source.Ipv6Block(String cidr) -> cidr;
          case SecurityGroup.Source.Group(String id) -> id;
        };
    return peer
        + ", "
        + rule.protocol()
        + ", from port: "
        + rule.fromPort()
        + ", to port: "
        + rule.toPort()
        + ", ALLOW";
  }
}
