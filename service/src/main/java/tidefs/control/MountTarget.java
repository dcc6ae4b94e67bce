package tidefs.control;

import java.net.Inet4Address;
import java.util.List;

/**
 * A mount target: the address in one Availability Zone at which clients reach a file system.
 *
 * @param networkInterfaceId {@code eni-} and 17 hexadecimal digits; a name only
 */
public record MountTarget(
    String id,
    String fileSystemId,
    String subnetId,
    Inet4Address address,
    String networkInterfaceId,
    List<String> securityGroups,
    LifeCycleState state)
    implements Resource {
  /** Copies the list. */
  public MountTarget {
    securityGroups = List.copyOf(securityGroups);
  }

  @Override
  public MountTarget after(LifeCycleState.Event event) {
    return new MountTarget(
        id,
        fileSystemId,
        subnetId,
        address,
        networkInterfaceId,
        securityGroups,
        state.after(event));
  }

  MountTarget with(List<String> newSecurityGroups) {
    return new MountTarget(
        id, fileSystemId, subnetId, address, networkInterfaceId, newSecurityGroups, state);
  }

  DataPlane.Export export() {
    return new DataPlane.Export(id, fileSystemId, address);
  }
}
