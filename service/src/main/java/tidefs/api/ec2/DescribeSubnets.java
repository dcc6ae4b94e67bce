package tidefs.api.ec2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.AvailabilityZone;
import tidefs.control.Control;
import tidefs.control.Subnet;
import tidefs.control.Vpc;

/** DescribeSubnets. All subnets come on one page: a configuration holds few. */
record DescribeSubnets(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "DescribeSubnets";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError {
    List<String> ids = request.values("SubnetId");
    for (String id : ids) {
      if (control.network().subnet(id).isEmpty()) {
        throw new ServiceError(
            400, "InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
      }
    }
    Filters filters = new Filters(request);
    List<Subnet> chosen = new ArrayList<>();
    for (Subnet subnet : control.network().subnets()) {
      boolean named = ids.isEmpty() || ids.contains(subnet.id());
      if (named && filters.pass(attributes(subnet))) {
        chosen.add(subnet);
      }
    }
    return xml ->
        xml.element(
            "subnetSet",
            set -> chosen.forEach(subnet -> set.element("item", item -> write(item, subnet))));
  }

  private Map<String, String> attributes(Subnet subnet) {
    String zone = subnet.zoneName();
    return Map.ofEntries(
        Map.entry("subnet-id", subnet.id()),
        Map.entry("subnet-arn", arn(subnet)),
        Map.entry("vpc-id", subnet.vpcId()),
        Map.entry("availability-zone", zone),
        Map.entry("availabilityZone", zone),
        Map.entry("availability-zone-id", zoneId(subnet)),
        Map.entry("availabilityZoneId", zoneId(subnet)),
        Map.entry("cidr-block", subnet.cidr().toString()),
        Map.entry("cidr", subnet.cidr().toString()),
        Map.entry("cidrBlock", subnet.cidr().toString()),
        Map.entry("default-for-az", String.valueOf(isDefault(subnet))),
        Map.entry("defaultForAz", String.valueOf(isDefault(subnet))),
        Map.entry("map-public-ip-on-launch", "false"),
        Map.entry("owner-id", control.account().id()),
        Map.entry("state", "available"));
  }

  void write(Xml item, Subnet subnet) {
    item.text("subnetId", subnet.id())
        .text("subnetArn", arn(subnet))
        .text("state", "available")
        .text("ownerId", control.account().id())
        .text("vpcId", subnet.vpcId())
        .text("cidrBlock", subnet.cidr().toString())
        .element("ipv6CidrBlockAssociationSet", _ -> {})
        .text(
            "availableIpAddressCount", String.valueOf(control.mountTargets().freeAddresses(subnet)))
        .text("availabilityZone", subnet.zoneName())
        .text("availabilityZoneId", zoneId(subnet))
        .text("defaultForAz", String.valueOf(isDefault(subnet)))
        .text("mapPublicIpOnLaunch", "false")
        .text("mapCustomerOwnedIpOnLaunch", "false")
        .text("assignIpv6AddressOnCreation", "false")
        .text("enableDns64", "false")
        .text("ipv6Native", "false");
  }

  private String arn(Subnet subnet) {
    return "arn:aws:ec2:"
        + control.account().region()
        + ":"
        + control.account().id()
        + ":subnet/"
        + subnet.id();
  }

  private String zoneId(Subnet subnet) {
    return control.network().zone(subnet.zoneName()).map(AvailabilityZone::id).orElse("");
  }

  private boolean isDefault(Subnet subnet) {
    return control.network().vpc(subnet.vpcId()).map(Vpc::isDefault).orElse(false);
  }
}
