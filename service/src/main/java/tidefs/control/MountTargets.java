package tidefs.control;

import java.net.Inet4Address;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tidefs.control.LifeCycleState.Event;

/** The calls on mount targets. */
public final class MountTargets {
  private final Account account;
  private final Resources resources;
  private final Reconciler reconciler;
  private final Ids ids;
  private final Quotas quotas;

  MountTargets(
      Account account, Resources resources, Reconciler reconciler, Ids ids, Quotas quotas) {
    this.account = account;
    this.resources = resources;
    this.reconciler = reconciler;
    this.ids = ids;
    this.quotas = quotas;
  }

  /** Creates a mount target; its state is creating, its address decided. */
  public MountTargetDescription create(NewMountTarget wanted) throws ApiRefusal {
    MountTarget made =
        resources.call((tables, changes) -> {
          FileSystem fileSystem = tables.availableFileSystem(account.bareId(wanted.fileSystemId()));
          Subnet subnet = subnet(wanted.subnetId());
          refuseConflict(tables, fileSystem, subnet);
          List<String> groups = securityGroups(tables, wanted.securityGroups(), subnet.vpcId());
          Inet4Address address = address(tables, subnet, wanted.address());
          return changes.put(
              new MountTarget(
                  ids.next("fsmt-"),
                  fileSystem.id(),
                  subnet.id(),
                  address,
                  ids.next("eni-"),
                  groups,
                  LifeCycleState.CREATING));
        });
    reconciler.changed(made);
    return description(made);
  }

  private Subnet subnet(String id) throws ApiRefusal {
    Optional<Subnet> subnet = resources.network().subnet(id);
    if (subnet.isEmpty()) {
      throw new ApiRefusal(ErrorCode.SUBNET_NOT_FOUND, "The subnet ID '" + id + "' does not exist");
    }
    return subnet.get();
  }

  private void refuseConflict(ResourceTables tables, FileSystem fileSystem, Subnet subnet)
      throws ApiRefusal {
    Optional<AvailabilityZone> only = fileSystem.kind().zone();
    if (only.isPresent() && !only.get().name().equals(subnet.zoneName())) {
      throw new ApiRefusal(
          ErrorCode.AVAILABILITY_ZONES_MISMATCH,
          "The Availability Zone of the subnet, '"
              + subnet.zoneName()
              + "', is not that of the file system, '"
              + only.get().name()
              + "'.");
    }
    for (MountTarget other : tables.mountTargetsOf(fileSystem.id()).values()) {
      Optional<Subnet> taken = resources.network().subnet(other.subnetId());
      if (taken.isPresent() && !taken.get().vpcId().equals(subnet.vpcId())) {
        throw new ApiRefusal(
            ErrorCode.MOUNT_TARGET_CONFLICT,
            "requested subnet for new mount target is not in the same VPC as existing mount"
                + " targets");
      }
      if (taken.isPresent() && taken.get().zoneName().equals(subnet.zoneName())) {
        throw new ApiRefusal(
            ErrorCode.MOUNT_TARGET_CONFLICT, "mount target already exists in this AZ");
      }
    }
  }

  private Inet4Address address(ResourceTables tables, Subnet subnet, Optional<Inet4Address> wanted)
      throws ApiRefusal {
    if (takenInVpc(tables, subnet.vpcId()) >= quotas.mountTargets()) {
      throw new ApiRefusal(
          ErrorCode.NETWORK_INTERFACE_LIMIT_EXCEEDED,
          "You have reached the maximum number of mount targets ("
              + quotas.mountTargets()
              + ") for the VPC '"
              + subnet.vpcId()
              + "'.");
    }
    if (wanted.isEmpty()) {
      Optional<Inet4Address> free = tables.addresses().free(subnet);
      if (free.isEmpty()) {
        throw new ApiRefusal(
            ErrorCode.NO_FREE_ADDRESSES_IN_SUBNET,
            "The subnet '" + subnet.id() + "' has no free addresses.");
      }
      return free.get();
    }
    Inet4Address address = wanted.get();
    if (!subnet.mayAssign(address)) {
      throw ApiRefusal.badRequest(
          "Address "
              + address.getHostAddress()
              + " does not fall within the subnet's address range or is reserved.");
    }
    if (tables.addresses().isTaken(address)) {
      throw new ApiRefusal(
          ErrorCode.IP_ADDRESS_IN_USE,
          "The IP address '" + address.getHostAddress() + "' is already in use.");
    }
    return address;
  }

  private int takenInVpc(ResourceTables tables, String vpcId) {
    return resources.network().subnets().stream()
        .filter(subnet -> subnet.vpcId().equals(vpcId))
        .mapToInt(subnet -> subnet.assignableCount() - tables.addresses().freeCount(subnet))
        .sum();
  }

  private List<String> securityGroups(ResourceTables tables, List<String> wanted, String vpcId)
      throws ApiRefusal {
    if (wanted.size() > Limits.SECURITY_GROUPS_PER_MOUNT_TARGET) {
      throw new ApiRefusal(
          ErrorCode.SECURITY_GROUP_LIMIT_EXCEEDED,
          "The maximum number of security groups per mount target is "
              + Limits.SECURITY_GROUPS_PER_MOUNT_TARGET
              + ".");
    }
    for (String group : wanted) {
      if (tables.securityGroup(group).filter(it -> it.vpcId().equals(vpcId)).isEmpty()) {
        throw new ApiRefusal(
            ErrorCode.SECURITY_GROUP_NOT_FOUND,
            "The security group '" + group + "' does not exist in VPC '" + vpcId + "'");
      }
    }
    return wanted.isEmpty()
        ? tables.network().vpc(vpcId).stream().map(Vpc::defaultSecurityGroup).toList()
        : wanted.stream().distinct().toList();
  }

  /** The mount targets of a file system. */
  public Page<MountTargetDescription> ofFileSystem(String idOrArn, PageRequest page)
      throws ApiRefusal {
    Page<MountTarget> found =
        resources.call((tables, _) -> {
          FileSystem fileSystem = tables.fileSystem(account.bareId(idOrArn));
          return page.of(tables.mountTargetsOf(fileSystem.id()), Limits.PAGE_ENTRIES);
        });
    return descriptions(found);
  }

  /** The mount targets of an access point's file system. */
  public Page<MountTargetDescription> ofAccessPoint(String idOrArn, PageRequest page)
      throws ApiRefusal {
    Page<MountTarget> found =
        resources.call((tables, _) -> {
          AccessPoint accessPoint = tables.accessPoint(account.bareId(idOrArn));
          return page.of(tables.mountTargetsOf(accessPoint.fileSystemId()), Limits.PAGE_ENTRIES);
        });
    return descriptions(found);
  }

  /** One mount target, as a page of one. */
  public Page<MountTargetDescription> withId(String id, PageRequest page) throws ApiRefusal {
    Page<MountTarget> found =
        resources.call((tables, _) -> {
          NavigableMap<String, MountTarget> one = new TreeMap<>();
          one.put(id, tables.mountTarget(id));
          return page.of(one, Limits.PAGE_ENTRIES);
        });
    return descriptions(found);
  }

  /** All mount targets, by id. */
  public List<MountTargetDescription> all() {
    List<MountTarget> found =
        resources.call((tables, _) -> List.copyOf(tables.mountTargets().values()));
    return found.stream().map(this::description).toList();
  }

  /** Deletes a mount target; its state is deleting until its address is free. */
  public void delete(String id) throws ApiRefusal {
    MountTarget deleted =
        resources.call((tables, changes) -> {
          MountTarget before = tables.mountTarget(id);
          return before.state() == LifeCycleState.DELETING
              ? before
              : changes.put(before.after(Event.DELETE));
        });
    reconciler.changed(deleted);
  }

  /** The security groups of a mount target. */
  public List<String> securityGroups(String id) throws ApiRefusal {
    return resources.call((tables, _) -> steady(tables.mountTarget(id)).securityGroups());
  }

  /** Replaces the security groups of a mount target, all of them. */
  public void modifySecurityGroups(String id, List<String> groups) throws ApiRefusal {
    resources.call((tables, changes) -> {
      MountTarget before = steady(tables.mountTarget(id));
      String vpcId = resources.network().subnet(before.subnetId()).map(Subnet::vpcId).orElse("");
      return changes.put(before.with(securityGroups(tables, groups, vpcId)));
    });
  }

  private static MountTarget steady(MountTarget mountTarget) throws ApiRefusal {
    return switch (mountTarget.state()) {
      case AVAILABLE, UPDATING, ERROR -> mountTarget;
      case CREATING, DELETING ->
          throw new ApiRefusal(
              ErrorCode.INCORRECT_MOUNT_TARGET_STATE,
              "Mount target '"
                  + mountTarget.id()
                  + "' is in the life cycle state '"
                  + mountTarget.state().wireName()
                  + "'. It must be 'available'.");
    };
  }

  /** How many addresses of a subnet no mount target has. */
  public int freeAddresses(Subnet subnet) {
    return resources.call((tables, _) -> tables.addresses().freeCount(subnet));
  }

  private Page<MountTargetDescription> descriptions(Page<MountTarget> page) {
    Stream<MountTargetDescription> described = page.entries().stream().map(this::description);
    return new Page<>(described.toList(), page.next());
  }

  private MountTargetDescription description(MountTarget it) {
    Optional<Subnet> subnet = resources.network().subnet(it.subnetId());
    return new MountTargetDescription(
        it,
        subnet.flatMap(in -> resources.network().zone(in.zoneName())),
        subnet.map(Subnet::vpcId));
  }
}
