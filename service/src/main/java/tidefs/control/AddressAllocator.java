package tidefs.control;

import java.net.Inet4Address;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses of the subnets are taken. The lowest free address is given first, so that the
 * first mount target of a fresh server has the address that its documentation shows. Guarded by the
 * lock of {@link Resources}.
 */
final class AddressAllocator {
  private final Map<String, BitSet> takenBySubnet = new HashMap<>();
  private final Set<Inet4Address> taken = new HashSet<>();

  /** A free address of the subnet, not yet taken by this call. */
  Optional<Inet4Address> free(Subnet subnet) {
    BitSet bits = takenBySubnet.get(subnet.id());
    int index = bits == null ? 0 : bits.nextClearBit(0);
    return index < subnet.assignableCount()
        ? Optional.of(subnet.assignableAt(index))
        : Optional.empty();
  }

  boolean isTaken(Inet4Address address) {
    return taken.contains(address);
  }

  /** How many addresses of the subnet are free. */
  int freeCount(Subnet subnet) {
    BitSet bits = takenBySubnet.get(subnet.id());
    return subnet.assignableCount() - (bits == null ? 0 : bits.cardinality());
  }

  void take(Subnet subnet, Inet4Address address) {
    taken.add(address);
    int index = subnet.assignableIndex(address);
    if (index >= 0) {
      takenBySubnet.computeIfAbsent(subnet.id(), _ -> new BitSet()).set(index);
    }
  }

  void release(Subnet subnet, Inet4Address address) {
    taken.remove(address);
    int index = subnet.assignableIndex(address);
    BitSet bits = takenBySubnet.get(subnet.id());
    if (index >= 0 && bits != null) {
      bits.clear(index);
    }
  }
}
