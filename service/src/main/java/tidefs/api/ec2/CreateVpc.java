package tidefs.api.ec2;

import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;
import tidefs.control.Vpc;

/** CreateVpc. */
record CreateVpc(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "CreateVpc";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal {
    Vpc made = control.networking().createVpc(request.required("CidrBlock"));
    return xml -> xml.element("vpc", item -> new DescribeVpcs(control).write(item, made));
  }
}
