package tidefs.api.ec2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.AvailabilityZone;
import tidefs.control.Control;
import tidefs.control.MountTarget;
import tidefs.control.MountTargetDescription;
import tidefs.control.SecurityGroup;

/** DescribeNetworkInterfaces: those of mount targets, all on one page. */
record DescribeNetworkInterfaces(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "DescribeNetworkInterfaces";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError {
    List<MountTargetDescription> all = control.mountTargets().all();
    List<String> ids = request.values("NetworkInterfaceId");
    for (String id : ids) {
      if (all.stream().noneMatch(it -> it.mountTarget().networkInterfaceId().equals(id))) {
        throw new ServiceError(
            400,
            "InvalidNetworkInterfaceID.NotFound",
            "The networkInterface ID '" + id + "' does not exist");
      }
    }
    Filters filters = new Filters(request);
    List<MountTargetDescription> chosen = new ArrayList<>();
    for (MountTargetDescription each : all) {
      boolean named = ids.isEmpty() || ids.contains(each.mountTarget().networkInterfaceId());
      if (named && filters.passAny(attributes(each))) {
        chosen.add(each);
      }
    }
    List<SecurityGroup> groups = control.networking().securityGroups();
    return xml ->
        xml.element(
            "networkInterfaceSet",
            set -> chosen.forEach(each -> set.element("item", item -> write(item, each, groups))));
  }

  private static String description(MountTarget it) {
    return "EFS mount target for " + it.fileSystemId() + " (" + it.id() + ")";
  }

  private Map<String, List<String>> attributes(MountTargetDescription described) {
    MountTarget it = described.mountTarget();
    List<String> zone = described.zone().map(AvailabilityZone::name).stream().toList();
    return Map.ofEntries(
        Map.entry("network-interface-id", List.of(it.networkInterfaceId())),
        Map.entry("subnet-id", List.of(it.subnetId())),
        Map.entry("vpc-id", described.vpcId().stream().toList()),
        Map.entry("group-id", it.securityGroups()),
        Map.entry("description", List.of(description(it))),
        Map.entry("status", List.of("in-use")),
        Map.entry("interface-type", List.of("efs")),
        Map.entry("requester-managed", List.of("true")),
        Map.entry("owner-id", List.of(control.account().id())),
        Map.entry("availability-zone", zone),
        Map.entry("private-ip-address", List.of(it.address().getHostAddress())),
        Map.entry("addresses.private-ip-address", List.of(it.address().getHostAddress())));
  }

  private void write(Xml item, MountTargetDescription described, List<SecurityGroup> groups) {
    MountTarget it = described.mountTarget();
    item.text("networkInterfaceId", it.networkInterfaceId())
        .text("subnetId", it.subnetId())
        .text("vpcId", described.vpcId().orElse(""))
        .text("availabilityZone", described.zone().map(AvailabilityZone::name).orElse(""))
        .text("description", description(it))
        .text("ownerId", control.account().id())
        .text("requesterManaged", "true")
        .text("status", "in-use")
        .text("privateIpAddress", it.address().getHostAddress())
        .text("sourceDestCheck", "true")
        .text("interfaceType", "efs")
        .element(
            "groupSet",
            set -> {
              for (String id : it.securityGroups()) {
                set.element(
                    "item",
                    group -> {
                      group.text("groupId", id);
                      groups.stream()
                          .filter(known -> known.id().equals(id))
                          .forEach(known -> group.text("groupName", known.name()));
                    });
              }
            })
        .element(
            "privateIpAddressesSet",
            set ->
                set.element(
                    "item",
                    address ->
                        address
                            .text("privateIpAddress", it.address().getHostAddress())
                            .text("primary", "true")))
        .element("tagSet", _ -> {});
  }
}
