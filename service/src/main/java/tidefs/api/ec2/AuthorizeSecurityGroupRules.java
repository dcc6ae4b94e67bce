package tidefs.api.ec2;

import java.util.List;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;
import tidefs.control.SecurityGroup;
import tidefs.control.SecurityGroup.Direction;

/** AuthorizeSecurityGroupIngress and AuthorizeSecurityGroupEgress. */
record AuthorizeSecurityGroupRules(Control control, Direction direction) implements Ec2Operation {
  @Override
  public String name() {
    return IpPermissions.action("Authorize", direction);
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal {
    String group = request.required("GroupId");
    List<SecurityGroup.Rule> wanted = IpPermissions.of(request);
    if (wanted.isEmpty()) {
      throw IpPermissions.missing();
    }
    List<SecurityGroup.Rule> added = control.networking().authorize(group, direction, wanted);
    return xml ->
        xml.text("return", "true")
            .element(
                "securityGroupRuleSet",
                set -> {
                  for (SecurityGroup.Rule rule : added) {
                    set.element(
                        "item",
                        item ->
                            SecurityGroupXml.rule(item, group, direction, rule, control.account()));
                  }
                });
  }
}
