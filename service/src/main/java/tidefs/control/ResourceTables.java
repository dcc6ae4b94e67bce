package tidefs.control;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tidefs.base.Invariant;

/**
 * All resources in memory, with the indexes that calls need. Guarded by the lock of {@link
 * Resources}; only {@link Resources} changes it.
 */
final class ResourceTables {
  private final Firewall firewall;
  private volatile Network network;
  private final NavigableMap<String, FileSystem> fileSystems = new TreeMap<>();
  private final NavigableMap<String, MountTarget> mountTargets = new TreeMap<>();
  private final NavigableMap<String, AccessPoint> accessPoints = new TreeMap<>();
  private final NavigableMap<String, SecurityGroup> storedGroups = new TreeMap<>();
  private final NavigableMap<String, KmsKey> kmsKeys = new TreeMap<>();
  private final NavigableMap<String, Replication> replications = new TreeMap<>();
  private final Map<String, String> fileSystemByToken = new HashMap<>();
  private final Map<String, String> accessPointByToken = new HashMap<>();
  private final Map<String, NavigableMap<String, MountTarget>> mountTargetsOf = new HashMap<>();
  private final Map<String, NavigableMap<String, AccessPoint>> accessPointsOf = new HashMap<>();
  private final AddressAllocator addresses = new AddressAllocator();

  ResourceTables(Network network, Firewall firewall) {
    this.network = network;
    this.firewall = firewall;
  }

  /** The network that is configured, with what was created. Read from any thread. */
  Network network() {
    return network;
  }

  /** All security groups: those that were made or changed, and the untouched default groups. */
  NavigableMap<String, SecurityGroup> securityGroups() {
    NavigableMap<String, SecurityGroup> all = new TreeMap<>(storedGroups);
    network
        .vpcs()
        .forEach(vpc -> all.putIfAbsent(vpc.defaultSecurityGroup(), SecurityGroup.defaultOf(vpc)));
    return all;
  }

  Optional<SecurityGroup> securityGroup(String id) {
    SecurityGroup stored = storedGroups.get(id);
    return stored != null
        ? Optional.of(stored)
        : network.vpcs().stream()
            .filter(vpc -> vpc.defaultSecurityGroup().equals(id))
            .map(SecurityGroup::defaultOf)
            .findFirst();
  }

  NavigableMap<String, KmsKey> kmsKeys() {
    return kmsKeys;
  }

  /** By the ids of their sources. */
  NavigableMap<String, Replication> replications() {
    return replications;
  }

  /** The replication whose source or destination a file system is. */
  Optional<Replication> replicationOf(String fileSystemId) {
    return replications.values().stream().filter(it -> it.concerns(fileSystemId)).findFirst();
  }

  NavigableMap<String, FileSystem> fileSystems() {
    return fileSystems;
  }

  NavigableMap<String, MountTarget> mountTargets() {
    return mountTargets;
  }

  NavigableMap<String, AccessPoint> accessPoints() {
    return accessPoints;
  }

  NavigableMap<String, MountTarget> mountTargetsOf(String fileSystemId) {
    return mountTargetsOf.getOrDefault(fileSystemId, Collections.emptyNavigableMap());
  }

  NavigableMap<String, AccessPoint> accessPointsOf(String fileSystemId) {
    return accessPointsOf.getOrDefault(fileSystemId, Collections.emptyNavigableMap());
  }

  AddressAllocator addresses() {
    return addresses;
  }

  /** The resource of any kind that has this id. */
  Optional<Resource> find(String id) {
    if (fileSystems.containsKey(id)) {
      return Optional.ofNullable(fileSystems.get(id));
    }
    return mountTargets.containsKey(id)
        ? Optional.ofNullable(mountTargets.get(id))
        : Optional.ofNullable(accessPoints.get(id));
  }

  FileSystem fileSystem(String id) throws ApiRefusal {
    FileSystem found = fileSystems.get(id);
    if (found == null) {
      throw ApiRefusal.noFileSystem(id);
    }
    return found;
  }

  /** The file system, which must be available for what is asked of it. */
  FileSystem availableFileSystem(String id) throws ApiRefusal {
    FileSystem found = fileSystem(id);
    if (found.state() != LifeCycleState.AVAILABLE) {
      throw new ApiRefusal(
          ErrorCode.INCORRECT_FILE_SYSTEM_LIFE_CYCLE_STATE,
          "File system '"
              + id
              + "' is in the life cycle state '"
              + found.state().wireName()
              + "'. It must be 'available'.");
    }
    return found;
  }

  MountTarget mountTarget(String id) throws ApiRefusal {
    MountTarget found = mountTargets.get(id);
    if (found == null) {
      throw ApiRefusal.noMountTarget(id);
    }
    return found;
  }

  AccessPoint accessPoint(String id) throws ApiRefusal {
    AccessPoint found = accessPoints.get(id);
    if (found == null) {
      throw ApiRefusal.noAccessPoint(id);
    }
    return found;
  }

  Optional<String> fileSystemWithToken(String creationToken) {
    return Optional.ofNullable(fileSystemByToken.get(creationToken));
  }

  Optional<String> accessPointWithToken(String clientToken) {
    return Optional.ofNullable(accessPointByToken.get(clientToken));
  }

  /** The KMS key that is named by id, alias, or the ARN of either. */
  Optional<KmsKey> kmsKey(String name) {
    String bare = KmsKeys.bare(name);
    String id = bare.startsWith("key/") ? bare.substring(4) : bare;
    KmsKey byId = kmsKeys.get(id);
    return byId != null
        ? Optional.of(byId)
        : kmsKeys.values().stream().filter(key -> key.aliases().contains(bare)).findFirst();
  }

  void put(Resource resource) {
    switch (resource) {
      case FileSystem it -> {
        fileSystems.put(it.id(), it);
        fileSystemByToken.put(it.creationToken(), it.id());
      }
      case MountTarget it -> {
        mountTargets.put(it.id(), it);
        mountTargetsOf.computeIfAbsent(it.fileSystemId(), _ -> new TreeMap<>()).put(it.id(), it);
        network.subnet(it.subnetId()).ifPresent(in -> addresses.take(in, it.address()));
        firewall.update(it, this);
      }
      case AccessPoint it -> {
        accessPoints.put(it.id(), it);
        accessPointByToken.put(it.clientToken(), it.id());
        accessPointsOf.computeIfAbsent(it.fileSystemId(), _ -> new TreeMap<>()).put(it.id(), it);
      }
      case Standing it -> putStanding(it);
    }
  }

  /** Calls refuse what does not fit; a configuration that was changed since may not fit either. */
  private static Network extended(String id, Supplier<Network> way) {
    try {
      return way.get();
    } catch (IllegalArgumentException e) {
      throw new NetworkClash(id, e);
    }
  }

  private void putStanding(Standing resource) {
    switch (resource) {
      case Vpc it -> network = extended(it.id(), () -> network.with(it));
      case Subnet it -> network = extended(it.id(), () -> network.with(it));
      case KmsKey it -> kmsKeys.put(it.id(), it);
      case Replication it -> replications.put(it.id(), it);
      case SecurityGroup it -> {
        storedGroups.put(it.id(), it);
        for (MountTarget mountTarget : mountTargets.values()) {
          if (mountTarget.securityGroups().contains(it.id())) {
            firewall.update(mountTarget, this);
          }
        }
      }
    }
  }

  void remove(Resource resource) {
    switch (resource) {
      case FileSystem it -> {
        fileSystems.remove(it.id());
        fileSystemByToken.remove(it.creationToken());
      }
      case MountTarget it -> {
        mountTargets.remove(it.id());
        removeFrom(mountTargetsOf, it.fileSystemId(), it.id());
        network.subnet(it.subnetId()).ifPresent(in -> addresses.release(in, it.address()));
        firewall.remove(it);
      }
      case AccessPoint it -> {
        accessPoints.remove(it.id());
        accessPointByToken.remove(it.clientToken());
        removeFrom(accessPointsOf, it.fileSystemId(), it.id());
      }
      case SecurityGroup it -> storedGroups.remove(it.id());
      case KmsKey it -> kmsKeys.remove(it.id());
      case Replication it -> replications.remove(it.id());
      case Vpc _, Subnet _ -> Invariant.check(false, "the network only grows");
    }
  }

  private static <T> void removeFrom(
      Map<String, NavigableMap<String, T>> index, String fileSystemId, String id) {
    NavigableMap<String, T> rest = index.get(fileSystemId);
    if (rest != null) {
      rest.remove(id);
      if (rest.isEmpty()) {
        index.remove(fileSystemId);
      }
    }
  }
}
