package tidefs.api.ec2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.Vpc;

/** DescribeVpcs. All VPCs come on one page: a configuration holds few. */
record DescribeVpcs(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "DescribeVpcs";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError {
    List<String> ids = request.values("VpcId");
    for (String id : ids) {
      if (control.network().vpc(id).isEmpty()) {
        throw new ServiceError(
            400, "InvalidVpcID.NotFound", "The vpc ID '" + id + "' does not exist");
      }
    }
    Filters filters = new Filters(request);
    List<Vpc> chosen = new ArrayList<>();
    for (Vpc vpc : control.network().vpcs()) {
      boolean named = ids.isEmpty() || ids.contains(vpc.id());
      if (named && filters.pass(attributes(vpc))) {
        chosen.add(vpc);
      }
    }
    return xml ->
        xml.element(
            "vpcSet", set -> chosen.forEach(vpc -> set.element("item", item -> write(item, vpc))));
  }

  private Map<String, String> attributes(Vpc vpc) {
    String isDefault = String.valueOf(vpc.isDefault());
    return Map.of(
        "vpc-id", vpc.id(),
        "cidr", vpc.cidr().toString(),
        "cidr-block-association.cidr-block", vpc.cidr().toString(),
        "is-default", isDefault,
        "isDefault", isDefault,
        "owner-id", control.account().id(),
        "state", "available");
  }

  void write(Xml item, Vpc vpc) {
    item.text("vpcId", vpc.id())
        .text("ownerId", control.account().id())
        .text("state", "available")
        .text("cidrBlock", vpc.cidr().toString())
        .element(
            "cidrBlockAssociationSet",
            set ->
                set.element(
                    "item",
                    block ->
                        block
                            .text("cidrBlock", vpc.cidr().toString())
                            .text("associationId", "vpc-cidr-assoc-" + vpc.id().substring(4))
                            .element("cidrBlockState", state -> state.text("state", "associated"))))
        .text("dhcpOptionsId", "default")
        .text("instanceTenancy", "default")
        .text("isDefault", String.valueOf(vpc.isDefault()));
  }
}
