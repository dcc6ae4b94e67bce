package tidefs.api.ec2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.AvailabilityZone;
import tidefs.control.Control;

/** DescribeAvailabilityZones. */
record DescribeAvailabilityZones(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "DescribeAvailabilityZones";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError {
    List<String> names = request.values("ZoneName");
    List<String> ids = request.values("ZoneId");
    List<AvailabilityZone> all = control.network().zones();
    for (String name : names) {
      refuseUnless(all.stream().anyMatch(zone -> zone.name().equals(name)), name);
    }
    for (String id : ids) {
      refuseUnless(all.stream().anyMatch(zone -> zone.id().equals(id)), id);
    }
    String region = control.network().region();
    Filters filters = new Filters(request);
    List<AvailabilityZone> chosen = new ArrayList<>();
    for (AvailabilityZone zone : all) {
      boolean named = names.isEmpty() || names.contains(zone.name());
      boolean withId = ids.isEmpty() || ids.contains(zone.id());
      if (named && withId && filters.pass(attributes(zone, region))) {
        chosen.add(zone);
      }
    }
    return xml ->
        xml.element(
            "availabilityZoneInfo",
            set -> chosen.forEach(zone -> set.element("item", item -> write(item, zone, region))));
  }

  private static void refuseUnless(boolean exists, String zone) throws ServiceError {
    if (!exists) {
      throw new ServiceError(
          400, "InvalidParameterValue", "Invalid availability zone: [" + zone + "]");
    }
  }

  private static Map<String, String> attributes(AvailabilityZone zone, String region) {
    return Map.of(
        "zone-name",
        zone.name(),
        "zone-id",
        zone.id(),
        "region-name",
        region,
        "state",
        "available",
        "zone-type",
        "availability-zone",
        "opt-in-status",
        "opt-in-not-required",
        "group-name",
        region);
  }

  private static void write(Xml item, AvailabilityZone zone, String region) {
    item.text("optInStatus", "opt-in-not-required")
        .text("zoneName", zone.name())
        .text("zoneId", zone.id())
        .text("zoneState", "available")
        .text("regionName", region)
        .text("groupName", region)
        .text("networkBorderGroup", region)
        .text("zoneType", "availability-zone")
        .element("messageSet", _ -> {});
  }
}
