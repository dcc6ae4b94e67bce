package tidefs.api.efs;

import java.net.Inet4Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tidefs.api.Reply;
import tidefs.api.ServiceError;
import tidefs.control.ApiRefusal;
import tidefs.control.Cidr;
import tidefs.control.Control;
import tidefs.control.NewMountTarget;

/** CreateMountTarget. Addresses are IPv4 alone. */
record CreateMountTarget(Control control) implements EfsOperation {
  private static final int SECURITY_GROUPS_PER_REQUEST = 100;

  @Override
  public Route route() {
    return new Route("CreateMountTarget", "POST", "/mount-targets");
  }

  @Override
  public Reply perform(EfsRequest request) throws ServiceError, ApiRefusal {
    Members in = request.body();
    String fileSystem = in.requiredText("FileSystemId", Constraint.FILE_SYSTEM_ID);
    String subnet = in.requiredText("SubnetId", Constraint.SUBNET_ID);
    Optional<String> address = in.text("IpAddress", Constraint.IP_ADDRESS);
    Optional<String> ipv6 = in.text("Ipv6Address", Constraint.IPV6_ADDRESS);
    Optional<AddressType> type = in.choice("IpAddressType", AddressType.NAMED);
    List<String> groups =
        in.texts("SecurityGroups", Constraint.SECURITY_GROUP, 0, SECURITY_GROUPS_PER_REQUEST);
    request.refuseIfInvalid();
    if (ipv6.isPresent() || type.orElse(AddressType.IPV4_ONLY) != AddressType.IPV4_ONLY) {
      throw new ServiceError(
          400, "BadRequest", "The subnet '" + subnet + "' does not have an IPv6 CIDR block.");
    }
    var made =
        control
            .mountTargets()
            .create(new NewMountTarget(fileSystem, subnet, parsed(address), groups));
    return Json.reply(200, Shapes.mountTarget(made, control.account()));
  }

  private enum AddressType {
    IPV4_ONLY,
    IPV6_ONLY,
    DUAL_STACK;

    static final Map<String, AddressType> NAMED = Shapes.named(values(), AddressType::name);
  }

  private static Optional<Inet4Address> parsed(Optional<String> address) throws ServiceError {
    try {
      return address.map(Cidr::address);
    } catch (IllegalArgumentException e) {
      throw new ServiceError(
          400, "BadRequest", "The IP address '" + address.orElse("") + "' is not valid.");
    }
  }
}
