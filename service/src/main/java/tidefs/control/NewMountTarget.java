package tidefs.control;

import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;

/** What a caller of CreateMountTarget wants; without groups, the VPC's default group is taken. */
public record NewMountTarget(
    String fileSystemId,
    String subnetId,
    Optional<Inet4Address> address,
    List<String> securityGroups) {
  /** Copies the list. */
  public NewMountTarget {
    securityGroups = List.copyOf(securityGroups);
  }
}
