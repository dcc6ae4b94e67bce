package tidefs.control;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tidefs.base.Invariant;

/**
 * Resources as bytes. A key is one byte for the table and the id in ASCII; a value is one byte for
 * its format and the components of the record in their order: strings in modified UTF-8 with two
 * bytes of length, enumerations by name, lists and maps with four bytes of count, optional parts
 * behind a boolean.
 */
final class ResourceCodec {
  private static final byte FILE_SYSTEM_TABLE = 'f';
  private static final byte MOUNT_TARGET_TABLE = 'm';
  private static final byte ACCESS_POINT_TABLE = 'a';
  private static final byte SECURITY_GROUP_TABLE = 'g';
  private static final byte VPC_TABLE = 'v';
  private static final byte SUBNET_TABLE = 's';
  private static final byte KMS_KEY_TABLE = 'k';
  private static final byte REPLICATION_TABLE = 'r';
  private static final byte FORMAT = 1;

  private ResourceCodec() {}

  static byte[] key(Resource resource) {
    byte[] id = resource.id().getBytes(StandardCharsets.US_ASCII);
    byte[] key = new byte[id.length + 1];
    key[0] =
        switch (resource) {
          case FileSystem _ -> FILE_SYSTEM_TABLE;
          case MountTarget _ -> MOUNT_TARGET_TABLE;
          case AccessPoint _ -> ACCESS_POINT_TABLE;
          case SecurityGroup _ -> SECURITY_GROUP_TABLE;
          case Vpc _ -> VPC_TABLE;
          case Subnet _ -> SUBNET_TABLE;
          case KmsKey _ -> KMS_KEY_TABLE;
          case Replication _ -> REPLICATION_TABLE;
        };
    System.arraycopy(id, 0, key, 1, id.length);
    return key;
  }

  static byte[] value(Resource resource) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      switch (resource) {
        case FileSystem fileSystem -> writeFileSystem(out, fileSystem);
        case MountTarget mountTarget -> writeMountTarget(out, mountTarget);
        case AccessPoint accessPoint -> writeAccessPoint(out, accessPoint);
        case Standing standing -> StandingCodec.write(out, standing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a resource could not be encoded", e);
    }
    return bytes.toByteArray();
  }

  static Resource decode(byte[] key, byte[] value) {
    String id = new String(key, 1, key.length - 1, StandardCharsets.US_ASCII);
    try (var in = new DataInputStream(new ByteArrayInputStream(value))) {
      Invariant.check(in.readByte() == FORMAT, "a resource has a format of a newer version");
      return switch (key[0]) {
        case FILE_SYSTEM_TABLE -> readFileSystem(in, id);
        case MOUNT_TARGET_TABLE -> readMountTarget(in, id);
        case ACCESS_POINT_TABLE -> readAccessPoint(in, id);
        case SECURITY_GROUP_TABLE -> StandingCodec.readGroup(in, id);
        case VPC_TABLE -> StandingCodec.readVpc(in, id);
        case SUBNET_TABLE -> StandingCodec.readSubnet(in, id);
        case KMS_KEY_TABLE -> StandingCodec.readKey(in, id);
        case REPLICATION_TABLE -> StandingCodec.readReplication(in, id);
        default -> throw new IllegalStateException("a resource is of a kind unknown here");
      };
    } catch (IOException e) {
      throw new UncheckedIOException("a stored resource is cut short", e);
    }
  }

  private static void writeFileSystem(DataOutputStream out, FileSystem it) throws IOException {
    out.writeUTF(it.creationToken());
    writeInstant(out, it.creationTime());
    out.writeUTF(it.state().name());
    out.writeUTF(it.kind().performanceMode().name());
    out.writeBoolean(it.kind().encrypted());
    writeString(out, it.kind().kmsKeyId());
    writeString(out, it.kind().zone().map(AvailabilityZone::name));
    writeString(out, it.kind().zone().map(AvailabilityZone::id));
    out.writeUTF(it.throughput().mode().name());
    out.writeDouble(it.throughput().provisionedMibps().orElse(0));
    out.writeBoolean(it.throughput().changedAt().isPresent());
    if (it.throughput().changedAt().isPresent()) {
      writeInstant(out, it.throughput().changedAt().get());
    }
    FileSystemSettings settings = it.settings();
    writeTags(out, settings.tags());
    out.writeUTF(settings.protection().name());
    out.writeInt(settings.lifecycle().size());
    for (LifecyclePolicy policy : settings.lifecycle()) {
      out.writeUTF(policy.transition().name());
      out.writeUTF(policy.after().name());
    }
    writeString(out, settings.policy());
    writeString(out, settings.backup().map(BackupStatus::name));
  }

  private static FileSystem readFileSystem(DataInputStream in, String id) throws IOException {
    String token = in.readUTF();
    Instant created = readInstant(in);
    LifeCycleState state = LifeCycleState.valueOf(in.readUTF());
    PerformanceMode performance = PerformanceMode.valueOf(in.readUTF());
    boolean encrypted = in.readBoolean();
    Optional<String> key = readString(in);
    Optional<String> zoneName = readString(in);
    Optional<String> zoneId = readString(in);
    var zone = zoneName.map(name -> new AvailabilityZone(name, zoneId.orElse("")));
    ThroughputMode mode = ThroughputMode.valueOf(in.readUTF());
    double mibps = in.readDouble();
    Optional<Instant> changedAt =
        in.readBoolean() ? Optional.of(readInstant(in)) : Optional.empty();
    Tags tags = readTags(in);
    OverwriteProtection protection = OverwriteProtection.valueOf(in.readUTF());
    List<LifecyclePolicy> lifecycle = new ArrayList<>();
    for (int rest = in.readInt(); rest > 0; rest--) {
      lifecycle.add(
          new LifecyclePolicy(
              LifecyclePolicy.Transition.valueOf(in.readUTF()),
              LifecyclePolicy.After.valueOf(in.readUTF())));
    }
    Optional<String> policy = readString(in);
    Optional<BackupStatus> backup = readString(in).map(BackupStatus::valueOf);
    return new FileSystem(
        id,
        token,
        created,
        state,
        new FileSystemKind(performance, encrypted, key, zone),
        new Throughput(
            mode, mibps == 0 ? OptionalDouble.empty() : OptionalDouble.of(mibps), changedAt),
        new FileSystemSettings(tags, protection, lifecycle, policy, backup));
  }

  private static void writeMountTarget(DataOutputStream out, MountTarget it) throws IOException {
    out.writeUTF(it.fileSystemId());
    out.writeUTF(it.subnetId());
    out.write(it.address().getAddress());
    out.writeUTF(it.networkInterfaceId());
    out.writeInt(it.securityGroups().size());
    for (String group : it.securityGroups()) {
      out.writeUTF(group);
    }
    out.writeUTF(it.state().name());
  }

  private static MountTarget readMountTarget(DataInputStream in, String id) throws IOException {
    String fileSystem = in.readUTF();
    String subnet = in.readUTF();
    var address = (Inet4Address) InetAddress.getByAddress(in.readNBytes(4));
    String networkInterface = in.readUTF();
    List<String> groups = new ArrayList<>();
    for (int rest = in.readInt(); rest > 0; rest--) {
      groups.add(in.readUTF());
    }
    LifeCycleState state = LifeCycleState.valueOf(in.readUTF());
    return new MountTarget(id, fileSystem, subnet, address, networkInterface, groups, state);
  }

  private static void writeAccessPoint(DataOutputStream out, AccessPoint it) throws IOException {
    out.writeUTF(it.clientToken());
    out.writeUTF(it.fileSystemId());
    out.writeUTF(it.state().name());
    out.writeBoolean(it.posixUser().isPresent());
    if (it.posixUser().isPresent()) {
      PosixUser user = it.posixUser().get();
      out.writeLong(user.uid());
      out.writeLong(user.gid());
      out.writeInt(user.secondaryGids().size());
      for (long gid : user.secondaryGids()) {
        out.writeLong(gid);
      }
    }
    out.writeUTF(it.rootDirectory().path());
    out.writeBoolean(it.rootDirectory().creationInfo().isPresent());
    if (it.rootDirectory().creationInfo().isPresent()) {
      RootDirectory.CreationInfo info = it.rootDirectory().creationInfo().get();
      out.writeLong(info.ownerUid());
      out.writeLong(info.ownerGid());
      out.writeUTF(info.permissions());
    }
    writeTags(out, it.tags());
  }

  private static AccessPoint readAccessPoint(DataInputStream in, String id) throws IOException {
    String token = in.readUTF();
    String fileSystem = in.readUTF();
    LifeCycleState state = LifeCycleState.valueOf(in.readUTF());
    Optional<PosixUser> user = Optional.empty();
    if (in.readBoolean()) {
      long uid = in.readLong();
      long gid = in.readLong();
      List<Long> secondary = new ArrayList<>();
      for (int rest = in.readInt(); rest > 0; rest--) {
        secondary.add(in.readLong());
      }
      user = Optional.of(new PosixUser(uid, gid, secondary));
    }
    String path = in.readUTF();
    Optional<RootDirectory.CreationInfo> info = Optional.empty();
    if (in.readBoolean()) {
      info =
          Optional.of(new RootDirectory.CreationInfo(in.readLong(), in.readLong(), in.readUTF()));
    }
    return new AccessPoint(
        id, token, fileSystem, state, user, new RootDirectory(path, info), readTags(in));
  }

  static void writeTags(DataOutputStream out, Tags tags) throws IOException {
    out.writeInt(tags.values().size());
    for (var tag : tags.values().entrySet()) {
      out.writeUTF(tag.getKey());
      out.writeUTF(tag.getValue());
    }
  }

  static Tags readTags(DataInputStream in) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (int rest = in.readInt(); rest > 0; rest--) {
      values.put(in.readUTF(), in.readUTF());
    }
    return new Tags(values);
  }

  static void writeInstant(DataOutputStream out, Instant instant) throws IOException {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  static Instant readInstant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  static void writeString(DataOutputStream out, Optional<String> text) throws IOException {
    out.writeBoolean(text.isPresent());
    if (text.isPresent()) {
      out.writeUTF(text.get());
    }
  }

  static Optional<String> readString(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
  }
}
