package tidefs.api.ec2;

import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;

/** DeleteSecurityGroup. */
record DeleteSecurityGroup(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "DeleteSecurityGroup";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal {
    String id = request.required("GroupId");
    control.networking().deleteSecurityGroup(id);
    return xml -> xml.text("return", "true").text("groupId", id);
  }
}
