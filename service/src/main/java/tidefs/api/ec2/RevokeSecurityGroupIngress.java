package tidefs.api.ec2;

import java.util.List;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;
import tidefs.control.SecurityGroup;

/** RevokeSecurityGroupIngress. Connections that stand go on. */
record RevokeSecurityGroupIngress(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "RevokeSecurityGroupIngress";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal {
    String group = request.required("GroupId");
    List<SecurityGroup.Rule> rules = IpPermissions.of(request);
    List<String> ids = request.values("SecurityGroupRuleId");
    if (rules.isEmpty() && ids.isEmpty()) {
      throw new ServiceError(400, "MissingParameter", "The request must contain a permission");
    }
    control.networking().revoke(group, rules, ids);
    return xml -> xml.text("return", "true");
  }
}
