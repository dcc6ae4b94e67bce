package tidefs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import tidefs.base.Invariant;

/** The stored form of resources: it must not change under data that exists. */
class ResourceCodecTest {
  private static final FileSystem FILE_SYSTEM =
      new FileSystem(
          "fs-0123456789abcdef0",
          "tøken",
          Instant.ofEpochSecond(1_795_334_400L, 123_456_789),
          LifeCycleState.UPDATING,
          new FileSystemKind(
              PerformanceMode.GENERAL_PURPOSE,
              true,
              Optional.of("key"),
              Optional.of(new AvailabilityZone("us-east-1a", "use1-az1"))),
          new Throughput(
              ThroughputMode.PROVISIONED,
              OptionalDouble.of(12.5),
              Optional.of(Instant.ofEpochSecond(1))),
          new FileSystemSettings(
              new Tags(new LinkedHashMap<>(Map.of("Name", "n"))),
              OverwriteProtection.DISABLED,
              List.of(
                  new LifecyclePolicy(
                      LifecyclePolicy.Transition.TO_IA, LifecyclePolicy.After.AFTER_30_DAYS)),
              Optional.of("{}"),
              Optional.of(BackupStatus.ENABLING)));
  private static final MountTarget MOUNT_TARGET =
      new MountTarget(
          "fsmt-0123456789abcdef0",
          "fs-1",
          "subnet-1",
          Cidr.address("127.0.1.200"),
          "eni-1",
          List.of("sg-1", "sg-2"),
          LifeCycleState.AVAILABLE);
  private static final AccessPoint ACCESS_POINT =
      new AccessPoint(
          "fsap-0123456789abcdef0",
          "c",
          "fs-1",
          LifeCycleState.CREATING,
          Optional.of(new PosixUser(4_294_967_295L, 2, List.of(3L))),
          new RootDirectory("/x", Optional.of(new RootDirectory.CreationInfo(4, 5, "0755"))),
          Tags.NONE);

  private static String hex(Resource resource) {
    return HexFormat.of().formatHex(ResourceCodec.value(resource));
  }

  @Test
  void valuesOfFormatOneStayReadable() {
    Map<Resource, String> golden =
        Map.of(
            FILE_SYSTEM,
                "01000674c3b86b656e000000006b02a100075bcd1500085550444154494e4700"
                    + "0f47454e4552414c5f505552504f5345010100036b657901000a75732d656173"
                    + "742d3161010008757365312d617a31000b50524f564953494f4e454440290000"
                    + "00000000010000000000000001000000000000000100044e616d6500016e0008"
                    + "44495341424c4544000000010005544f5f4941000d41465445525f33305f4441"
                    + "59530100027b7d010008454e41424c494e47",
            MOUNT_TARGET,
                "01000466732d3100087375626e65742d317f0001c80005656e692d3100000002"
                    + "000473672d31000473672d320009415641494c41424c45",
            ACCESS_POINT,
                "01000163000466732d3100084352454154494e470100000000ffffffff000000"
                    + "000000000200000001000000000000000300022f780100000000000000040000"
                    + "00000000000500043037353500000000");
    golden.forEach((resource, bytes) -> {
      assertThat(hex(resource)).isEqualTo(bytes);
      byte[] key = ResourceCodec.key(resource);
      assertThat(ResourceCodec.decode(key, HexFormat.of().parseHex(bytes))).isEqualTo(resource);
    });
    assertThat(new String(ResourceCodec.key(MOUNT_TARGET), StandardCharsets.UTF_8))
        .isEqualTo("mfsmt-0123456789abcdef0");
  }

  @Test
  void standingResourcesAreReadAsTheyWereWritten() {
    Resource group =
        new SecurityGroup(
            "sg-0123456789abcdef0",
            "vpc-1",
            "n",
            "d",
            List.of(
                new SecurityGroup.Rule(
                    "sgr-1", "tcp", 1, 2, new SecurityGroup.Source.Block("0.0.0.0/0"), "x"),
                new SecurityGroup.Rule(
                    "sgr-2", "-1", -1, -1, new SecurityGroup.Source.Group("sg-2"), ""),
                new SecurityGroup.Rule(
                    "sgr-3", "udp", 0, 9, new SecurityGroup.Source.Ipv6Block("::/0"), "")),
            List.of(
                new SecurityGroup.Rule(
                    "sgr-4", "tcp", 1, 2, new SecurityGroup.Source.Block("10.0.0.0/8"), "y")),
            Tags.NONE);
    Resource vpc = new Vpc("vpc-12345678", Cidr.parse("10.0.0.0/16"), "sg-12345678", false);
    Resource subnet =
        new Subnet(
            "subnet-12345678",
            "vpc-12345678",
            "z",
            Cidr.parse("10.0.1.0/24"),
            List.of(Cidr.address("10.0.1.9")));
    Resource key =
        new KmsKey(
            "k",
            "d",
            Instant.ofEpochSecond(1, 2),
            List.of("alias/a"),
            Optional.of(Instant.ofEpochSecond(3)),
            false,
            Tags.NONE);
    for (Resource each : List.of(group, vpc, subnet, key)) {
      assertThat(ResourceCodec.decode(ResourceCodec.key(each), ResourceCodec.value(each)))
          .isEqualTo(each);
    }
    assertThat(hex(vpc)).isEqualTo("01000b31302e302e302e302f3136000b73672d313233343536373800");
  }

  @Test
  void aValueOfANewerFormatIsNotGuessedAt() {
    byte[] value = ResourceCodec.value(MOUNT_TARGET);
    value[0] = 2;
    assertThatThrownBy(() -> ResourceCodec.decode(ResourceCodec.key(MOUNT_TARGET), value))
        .isInstanceOf(Invariant.Broken.class);
  }
}
