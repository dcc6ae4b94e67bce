package tidefs.api.efs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tidefs.api.ServiceError;
import tidefs.control.AccessPoint;
import tidefs.control.Account;
import tidefs.control.BackupStatus;
import tidefs.control.FileSystem;
import tidefs.control.FileSystemDescription;
import tidefs.control.LifecyclePolicy;
import tidefs.control.LifecyclePolicy.After;
import tidefs.control.LifecyclePolicy.Transition;
import tidefs.control.MeteredSize;
import tidefs.control.MountTarget;
import tidefs.control.MountTargetDescription;
import tidefs.control.OverwriteProtection;
import tidefs.control.PerformanceMode;
import tidefs.control.Replication;
import tidefs.control.Tags;
import tidefs.control.ThroughputMode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Structures that several operations read or write. */
final class Shapes {
  static final Map<String, PerformanceMode> PERFORMANCE_MODES =
      named(PerformanceMode.values(), PerformanceMode::wireName);
  static final Map<String, ThroughputMode> THROUGHPUT_MODES =
      named(ThroughputMode.values(), ThroughputMode::wireName);

  static final Map<String, BackupStatus> BACKUP_STATUSES =
      named(BackupStatus.values(), BackupStatus::name);
  static final Map<String, OverwriteProtection> PROTECTIONS =
      named(OverwriteProtection.values(), OverwriteProtection::name);

  private static final Map<String, Transition> TRANSITIONS =
      Map.of(
          "TransitionToIA", Transition.TO_IA,
          "TransitionToArchive", Transition.TO_ARCHIVE,
          "TransitionToPrimaryStorageClass", Transition.TO_PRIMARY_STORAGE_CLASS);
  private static final Map<String, After> AFTER_ACCESS =
      named(new After[] {After.AFTER_1_ACCESS}, After::name);
  private static final Map<String, After> AFTER_DAYS =
      named(
          EnumSet.complementOf(EnumSet.of(After.AFTER_1_ACCESS)).toArray(After[]::new),
          After::name);

  /** More tags than any resource may have; the control plane counts what is left after merging. */
  private static final int TAGS_PER_REQUEST = 1_000;

  private Shapes() {}

  /** The values of an enumeration by their names on the wire, in their order. */
  static <E> Map<String, E> named(E[] values, Function<E, String> name) {
    Map<String, E> named = new LinkedHashMap<>();
    for (E value : values) {
      named.put(name.apply(value), value);
    }
    return named;
  }

  /** FileSystemDescription. */
  static ObjectNode fileSystem(FileSystemDescription described, Account account) {
    FileSystem it = described.fileSystem();
    ObjectNode out = Json.object();
    out.put("OwnerId", account.id());
    out.put("CreationToken", it.creationToken());
    out.put("FileSystemId", it.id());
    out.put("FileSystemArn", account.fileSystemArn(it.id()));
    out.put("CreationTime", Json.seconds(it.creationTime()));
    out.put("LifeCycleState", it.state().wireName());
    it.settings().tags().name().ifPresent(name -> out.put("Name", name));
    out.put("NumberOfMountTargets", described.mountTargets());
    out.set("SizeInBytes", size(described.size()));
    out.put("PerformanceMode", it.kind().performanceMode().wireName());
    out.put("Encrypted", it.kind().encrypted());
    it.kind().kmsKeyId().ifPresent(key -> out.put("KmsKeyId", key));
    out.put("ThroughputMode", it.throughput().mode().wireName());
    it.throughput()
        .provisionedMibps()
        .ifPresent(mibps -> out.put("ProvisionedThroughputInMibps", mibps));
    it.kind()
        .zone()
        .ifPresent(zone -> {
          out.put("AvailabilityZoneName", zone.name());
          out.put("AvailabilityZoneId", zone.id());
        });
    out.set("Tags", tags(it.settings().tags().values().entrySet()));
    out.putObject("FileSystemProtection")
        .put("ReplicationOverwriteProtection", it.settings().protection().name());
    return out;
  }

  private static ObjectNode size(MeteredSize size) {
    ObjectNode out = Json.object();
    out.put("Value", size.totalBytes());
    out.put("Timestamp", Json.seconds(size.takenAt()));
    out.put("ValueInIA", size.infrequentAccessBytes());
    out.put("ValueInStandard", size.standardBytes());
    out.put("ValueInArchive", size.archiveBytes());
    return out;
  }

  /** MountTargetDescription. */
  static ObjectNode mountTarget(MountTargetDescription described, Account account) {
    MountTarget it = described.mountTarget();
    ObjectNode out = Json.object();
    out.put("OwnerId", account.id());
    out.put("MountTargetId", it.id());
    out.put("FileSystemId", it.fileSystemId());
    out.put("SubnetId", it.subnetId());
    out.put("LifeCycleState", it.state().wireName());
    out.put("IpAddress", it.address().getHostAddress());
    out.put("NetworkInterfaceId", it.networkInterfaceId());
    described
        .zone()
        .ifPresent(zone -> {
          out.put("AvailabilityZoneId", zone.id());
          out.put("AvailabilityZoneName", zone.name());
        });
    described.vpcId().ifPresent(vpc -> out.put("VpcId", vpc));
    return out;
  }

  /** AccessPointDescription. */
  static ObjectNode accessPoint(AccessPoint it, Account account) {
    ObjectNode out = Json.object();
    out.put("ClientToken", it.clientToken());
    it.tags().name().ifPresent(name -> out.put("Name", name));
    out.set("Tags", tags(it.tags().values().entrySet()));
    out.put("AccessPointId", it.id());
    out.put("AccessPointArn", account.accessPointArn(it.id()));
    out.put("FileSystemId", it.fileSystemId());
    it.posixUser()
        .ifPresent(user -> {
          ObjectNode posix = out.putObject("PosixUser");
          posix.put("Uid", user.uid());
          posix.put("Gid", user.gid());
          if (!user.secondaryGids().isEmpty()) {
            ArrayNode gids = posix.putArray("SecondaryGids");
            user.secondaryGids().forEach(gids::add);
          }
        });
    ObjectNode root = out.putObject("RootDirectory");
    root.put("Path", it.rootDirectory().path());
    it.rootDirectory()
        .creationInfo()
        .ifPresent(info ->
            root.putObject("CreationInfo")
                .put("OwnerUid", info.ownerUid())
                .put("OwnerGid", info.ownerGid())
                .put("Permissions", info.permissions()));
    out.put("OwnerId", account.id());
    out.put("LifeCycleState", it.state().wireName());
    return out;
  }

  /** The transitions of one LifecyclePolicy; there should be exactly one. */
  static List<LifecyclePolicy> lifecyclePolicies(Members in) throws ServiceError {
    List<LifecyclePolicy> found = new ArrayList<>();
    for (var transition : TRANSITIONS.entrySet()) {
      boolean back = transition.getValue() == Transition.TO_PRIMARY_STORAGE_CLASS;
      in.choice(transition.getKey(), back ? AFTER_ACCESS : AFTER_DAYS)
          .ifPresent(after -> found.add(new LifecyclePolicy(transition.getValue(), after)));
    }
    return found;
  }

  /** LifecycleConfigurationDescription. */
  static ObjectNode lifecycle(List<LifecyclePolicy> policies) {
    ObjectNode out = Json.object();
    ArrayNode list = out.putArray("LifecyclePolicies");
    for (LifecyclePolicy policy : policies) {
      String name =
          switch (policy.transition()) {
            case TO_IA -> "TransitionToIA";
            case TO_ARCHIVE -> "TransitionToArchive";
            case TO_PRIMARY_STORAGE_CLASS -> "TransitionToPrimaryStorageClass";
          };
      list.addObject().put(name, policy.after().name());
    }
    return out;
  }

  /** ReplicationConfigurationDescription. */
  static ObjectNode replication(Replication it, Account account) {
    String arn = account.in(it.sourceRegion()).fileSystemArn(it.id());
    ObjectNode out = Json.object();
    out.put("SourceFileSystemId", it.id());
    out.put("SourceFileSystemRegion", it.sourceRegion());
    out.put("SourceFileSystemArn", arn);
    out.put("OriginalSourceFileSystemArn", arn);
    out.put("CreationTime", Json.seconds(it.creationTime()));
    out.put("SourceFileSystemOwnerId", account.id());
    ObjectNode destination = out.putArray("Destinations").addObject();
    destination.put("Status", it.status().name());
    destination.put("FileSystemId", it.destination().fileSystemId());
    destination.put("Region", it.destination().region());
    destination.put("OwnerId", it.destination().ownerId());
    it.progress()
        .lastReplicated()
        .ifPresent(time -> destination.put("LastReplicatedTimestamp", Json.seconds(time)));
    if (!it.progress().message().isEmpty()) {
      destination.put("StatusMessage", it.progress().message());
    }
    it.destination().roleArn().ifPresent(role -> destination.put("RoleArn", role));
    return out;
  }

  /** BackupPolicyDescription. */
  static ObjectNode backup(BackupStatus status) {
    ObjectNode out = Json.object();
    out.putObject("BackupPolicy").put("Status", status.name());
    return out;
  }

  /** Tags, as they are in a reply. */
  static ArrayNode tags(Collection<Map.Entry<String, String>> tags) {
    ArrayNode out = Json.object().putArray("Tags");
    tags.forEach(tag -> out.addObject().put("Key", tag.getKey()).put("Value", tag.getValue()));
    return out;
  }

  /** Tags, as they are in a request. */
  static Tags tags(Members members) throws ServiceError {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> twice = new ArrayList<>();
    for (Members tag : members.structures("Tags", TAGS_PER_REQUEST)) {
      String key = tag.requiredText("Key", Constraint.TAG_KEY);
      String value = tag.requiredText("Value", Constraint.TAG_VALUE);
      if (values.put(key, value) != null && !key.isEmpty()) {
        twice.add(key);
      }
    }
    if (!twice.isEmpty()) {
      throw new ServiceError(
          400, "BadRequest", "The tag key '" + twice.getFirst() + "' is given more than once.");
    }
    return new Tags(values);
  }
}
