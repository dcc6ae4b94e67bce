package tidefs.api.ec2;

import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.NetworkRefusal;

/** One action of the EC2 API. */
interface Ec2Operation {
  /** The name of the action. */
  String name();

  /** Carries the action out; the result writes the content of the response. */
  Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal;
}
