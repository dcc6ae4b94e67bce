package tidefs.api.ec2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.SecurityGroup;

/** DescribeSecurityGroups. All come on one page. */
record DescribeSecurityGroups(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "DescribeSecurityGroups";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError {
    List<SecurityGroup> all = control.networking().securityGroups();
    List<String> ids = request.values("GroupId");
    List<String> names = request.values("GroupName");
    for (String id : ids) {
      if (all.stream().noneMatch(group -> group.id().equals(id))) {
        throw new ServiceError(
            400, "InvalidGroup.NotFound", "The security group '" + id + "' does not exist");
      }
    }
    Filters filters = new Filters(request);
    List<SecurityGroup> chosen = new ArrayList<>();
    for (SecurityGroup group : all) {
      boolean named = ids.isEmpty() || ids.contains(group.id());
      named &= names.isEmpty() || names.contains(group.name());
      if (named && filters.pass(attributes(group))) {
        chosen.add(group);
      }
    }
    return xml ->
        xml.element(
            "securityGroupInfo",
            set ->
                chosen.forEach(group ->
                    set.element(
                        "item", item -> SecurityGroupXml.group(item, group, control.account()))));
  }

  private Map<String, String> attributes(SecurityGroup group) {
    return Map.of(
        "group-id", group.id(),
        "group-name", group.name(),
        "description", group.description(),
        "vpc-id", group.vpcId(),
        "owner-id", control.account().id());
  }
}
