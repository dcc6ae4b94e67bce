package tidefs.api.ec2;

import java.util.List;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;
import tidefs.control.SecurityGroup;
import tidefs.control.SecurityGroup.Direction;

/** RevokeSecurityGroupIngress and RevokeSecurityGroupEgress. Connections that stand go on. */
record RevokeSecurityGroupRules(Control control, Direction direction) implements Ec2Operation {
  @Override
  public String name() {
    return IpPermissions.action("Revoke", direction);
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal {
    String group = request.required("GroupId");
    List<SecurityGroup.Rule> rules = IpPermissions.of(request);
    List<String> ids = request.values("SecurityGroupRuleId");
    if (rules.isEmpty() && ids.isEmpty()) {
      throw IpPermissions.missing();
    }
    control.networking().revoke(group, direction, rules, ids);
    return xml -> xml.text("return", "true");
  }
}
