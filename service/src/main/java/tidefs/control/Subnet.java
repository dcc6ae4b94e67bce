package tidefs.control;

import java.net.Inet4Address;
import java.util.List;

/**
 * A subnet: a block of addresses of a VPC in one Availability Zone. Its mount targets take their
 * addresses from {@code assignable} if that is not empty (a host that owns only a few addresses of
 * the block), else from the whole block but for its first four and its last address, which AWS
 * reserves.
 *
 * @param id {@code subnet-} and 8 to 40 hexadecimal digits
 */
public record Subnet(
    String id, String vpcId, String zoneName, Cidr cidr, List<Inet4Address> assignable)
    implements Standing {
  /** Refuses ids, blocks and addresses that no mount target could use. */
  public Subnet {
    if (!id.matches("subnet-[0-9a-f]{8,40}")) {
      throw new IllegalArgumentException(
          "subnet id '" + id + "' is not 'subnet-' and 8 to 40 hexadecimal digits");
    }
    if (cidr.prefixLength() < 16 || cidr.prefixLength() > 28) {
      throw new IllegalArgumentException(
          "subnet " + id + ": a block is from /16 to /28, not " + cidr);
    }
    for (Inet4Address address : assignable) {
      if (!cidr.contains(address)) {
        throw new IllegalArgumentException(
            "subnet " + id + ": " + address.getHostAddress() + " is not in " + cidr);
      }
    }
    assignable = List.copyOf(assignable);
  }

  /** Whether a mount target may have this address (if it is free). */
  public boolean mayAssign(Inet4Address address) {
    if (!assignable.isEmpty()) {
      return assignable.contains(address);
    }
    return cidr.contains(address) && !reserved(cidr.indexOf(address));
  }

  /** How many addresses mount targets may have. */
  public int assignableCount() {
    int reserved = Limits.RESERVED_FIRST_ADDRESSES + Limits.RESERVED_LAST_ADDRESSES;
    return assignable.isEmpty() ? (int) cidr.size() - reserved : assignable.size();
  }

  /** The assignable address number {@code index}, from 0. */
  Inet4Address assignableAt(int index) {
    return assignable.isEmpty()
        ? cidr.at(Limits.RESERVED_FIRST_ADDRESSES + index)
        : assignable.get(index);
  }

  /** The inverse of {@link #assignableAt}; negative if the address is not assignable. */
  int assignableIndex(Inet4Address address) {
    if (!assignable.isEmpty()) {
      return assignable.indexOf(address);
    }
    return mayAssign(address) ? cidr.indexOf(address) - Limits.RESERVED_FIRST_ADDRESSES : -1;
  }

  private boolean reserved(int index) {
    return index < Limits.RESERVED_FIRST_ADDRESSES
        || index >= cidr.size() - Limits.RESERVED_LAST_ADDRESSES;
  }
}
