package tidefs.api.ec2;

import java.util.Optional;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.AvailabilityZone;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;
import tidefs.control.Subnet;

/** CreateSubnet. */
record CreateSubnet(Control control) implements Ec2Operation {
  @Override
  public String name() {
    return "CreateSubnet";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal {
    Optional<String> id = request.value("AvailabilityZoneId");
    Optional<String> zone = request.value("AvailabilityZone");
    if (id.isPresent()) {
      zone =
          Optional.of(
              control.network().zones().stream()
                  .filter(it -> it.id().equals(id.get()))
                  .map(AvailabilityZone::name)
                  .findFirst()
                  .orElse(id.get()));
    }
    Subnet made =
        control
            .networking()
            .createSubnet(request.required("VpcId"), request.required("CidrBlock"), zone);
    return xml -> xml.element("subnet", item -> new DescribeSubnets(control).write(item, made));
  }
}
