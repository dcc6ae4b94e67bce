package tidefs.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.control.AvailabilityZone;
import tidefs.control.Cidr;
import tidefs.control.Network;
import tidefs.control.Subnet;
import tidefs.control.Vpc;

/** Reads the network that mount targets live in. It is given whole or not at all. */
final class NetworkReader {
  private NetworkReader() {}

  static Network read(Section in, String region) {
    Optional<List<Section>> zones = in.sections("zones");
    Optional<List<Section>> vpcs = in.sections("vpcs");
    Optional<List<Section>> subnets = in.sections("subnets");
    in.end();
    if (zones.isEmpty() && vpcs.isEmpty() && subnets.isEmpty()) {
      return Network.loopback(region);
    }
    return in.made(() -> {
      if (zones.isEmpty() || vpcs.isEmpty() || subnets.isEmpty()) {
        throw new IllegalArgumentException("needs all of zones, vpcs and subnets, or none of them");
      }
      return new Network(region, zones(zones.get()), vpcs(vpcs.get()), subnets(subnets.get()));
    });
  }

  private static List<AvailabilityZone> zones(List<Section> sections) {
    List<AvailabilityZone> zones = new ArrayList<>();
    for (Section in : sections) {
      zones.add(
          new AvailabilityZone(in.required("name", text -> text), in.required("id", text -> text)));
      in.end();
    }
    return zones;
  }

  private static List<Vpc> vpcs(List<Section> sections) {
    List<Vpc> vpcs = new ArrayList<>();
    for (Section in : sections) {
      String id = in.required("id", text -> text);
      Cidr cidr = in.required("cidr", Cidr::parse);
      String group = in.required("default-security-group", text -> text);
      boolean isDefault = in.flag("default", false);
      in.end();
      vpcs.add(in.made(() -> new Vpc(id, cidr, group, isDefault)));
    }
    return vpcs;
  }

  private static List<Subnet> subnets(List<Section> sections) {
    List<Subnet> subnets = new ArrayList<>();
    for (Section in : sections) {
      String id = in.required("id", text -> text);
      String vpc = in.required("vpc", text -> text);
      String zone = in.required("zone", text -> text);
      Cidr cidr = in.required("cidr", Cidr::parse);
      var addresses = in.values("addresses", Cidr::address);
      in.end();
      subnets.add(in.made(() -> new Subnet(id, vpc, zone, cidr, addresses)));
    }
    return subnets;
  }
}
