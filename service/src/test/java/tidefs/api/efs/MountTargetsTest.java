package tidefs.api.efs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.control.AvailabilityZone;
import tidefs.control.Cidr;
import tidefs.control.Network;
import tidefs.control.Subnet;
import tidefs.control.Vpc;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;
import tools.jackson.databind.JsonNode;

/** Mount targets through the HTTP port. */
class MountTargetsTest {
  private static final String FILE_SYSTEMS = "/2015-02-01/file-systems";
  private static final String PATH = "/2015-02-01/mount-targets";
  private static final String SUBNET_A = "subnet-00000000000000a01";
  private static final String SUBNET_A2 = "subnet-00000000000000a02";
  private static final String SUBNET_B = "subnet-00000000000000b01";
  private static final String SUBNET_OTHER = "subnet-00000000000000c01";

  private final ControlPlane plane = new ControlPlane(network());
  private ApiClient api = plane.client();

  private static Network network() {
    String vpc = "vpc-00000000000000001";
    String other = "vpc-00000000000000002";
    return new Network(
        ControlPlane.REGION,
        List.of(
            new AvailabilityZone("us-east-1a", "use1-az1"),
            new AvailabilityZone("us-east-1b", "use1-az2"),
            new AvailabilityZone("us-east-1c", "use1-az3")),
        List.of(
            new Vpc(vpc, Cidr.parse("10.0.0.0/16"), "sg-00000000000000001", true),
            new Vpc(other, Cidr.parse("10.1.0.0/16"), "sg-00000000000000002", false)),
        List.of(
            new Subnet(SUBNET_A, vpc, "us-east-1a", Cidr.parse("10.0.1.0/24"), List.of()),
            new Subnet(SUBNET_A2, vpc, "us-east-1a", Cidr.parse("10.0.2.0/24"), List.of()),
            new Subnet(
                SUBNET_B,
                vpc,
                "us-east-1b",
                Cidr.parse("10.0.3.0/24"),
                List.of(Cidr.address("10.0.3.7"))),
            new Subnet(SUBNET_OTHER, other, "us-east-1c", Cidr.parse("10.1.1.0/28"), List.of())));
  }

  @AfterEach
  void close() {
    plane.close();
  }

  private String fileSystem(String token, String members) {
    Answer made = api.post(FILE_SYSTEMS, "{\"CreationToken\":\"" + token + "\"" + members + "}");
    plane.settle();
    return made.get("FileSystemId");
  }

  private Answer create(String fileSystem, String subnet, String members) {
    return api.post(
        PATH,
        "{\"FileSystemId\":\"" + fileSystem + "\",\"SubnetId\":\"" + subnet + "\"" + members + "}");
  }

  @Test
  void aMountTargetGetsTheFirstFreeAddressAndIsPublished() {
    String fileSystem = fileSystem("t", "");
    Answer made = create(fileSystem, SUBNET_A, "");
    assertThat(made.status()).isEqualTo(200);
    JsonNode body = made.json();
    String id = body.path("MountTargetId").asString();
    assertThat(id).matches("fsmt-[0-9a-f]{17}");
    assertThat(body.path("IpAddress").asString()).isEqualTo("10.0.1.4");
    assertThat(body.path("LifeCycleState").asString()).isEqualTo("creating");
    assertThat(body.path("NetworkInterfaceId").asString()).matches("eni-[0-9a-f]{17}");
    assertThat(body.path("AvailabilityZoneName").asString()).isEqualTo("us-east-1a");
    assertThat(body.path("AvailabilityZoneId").asString()).isEqualTo("use1-az1");
    assertThat(body.path("VpcId").asString()).isEqualTo("vpc-00000000000000001");
    assertThat(body.path("SubnetId").asString()).isEqualTo(SUBNET_A);
    assertThat(plane.dataPlane.exports()).isEmpty();
    plane.settle();
    JsonNode now = api.get(PATH + "?MountTargetId=" + id).json().path("MountTargets").path(0);
    assertThat(now.path("LifeCycleState").asString()).isEqualTo("available");
    assertThat(plane.dataPlane.exports().get(id).address()).isEqualTo(Cidr.address("10.0.1.4"));
    JsonNode described = api.get(FILE_SYSTEMS).json().path("FileSystems").path(0);
    assertThat(described.path("NumberOfMountTargets").asInt()).isEqualTo(1);
    assertThat(create(fileSystem("t2", ""), SUBNET_A, "").get("IpAddress")).isEqualTo("10.0.1.5");
  }

  @Test
  void oneForEachZoneAndAllInOneVpc() {
    String fileSystem = fileSystem("t", "");
    create(fileSystem, SUBNET_A, "");
    Answer sameZone = create(fileSystem, SUBNET_A2, "");
    assertThat(sameZone.error()).isEqualTo("409 MountTargetConflict");
    assertThat(sameZone.message()).isEqualTo("mount target already exists in this AZ");
    assertThat(create(fileSystem, SUBNET_OTHER, "").error()).isEqualTo("409 MountTargetConflict");
    assertThat(create(fileSystem, SUBNET_B, "").status()).isEqualTo(200);
  }

  @Test
  void ofParallelCallsForOneZoneOneSucceeds() throws Exception {
    String fileSystem = fileSystem("t", "");
    List<Callable<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      calls.add(() -> create(fileSystem, SUBNET_A, "").status());
    }
    List<Integer> statuses = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> call : threads.invokeAll(calls)) {
        statuses.add(call.get());
      }
    }
    assertThat(statuses).containsOnly(200, 409).containsOnlyOnce(200);
    assertThat(api.get(PATH + "?FileSystemId=" + fileSystem).json().path("MountTargets").size())
        .isEqualTo(1);
  }

  @Test
  void theFileSystemAndTheSubnetMustExistAndBeReady() {
    Answer making = api.post(FILE_SYSTEMS, "{\"CreationToken\":\"new\"}");
    assertThat(create(making.get("FileSystemId"), SUBNET_A, "").error())
        .isEqualTo("409 IncorrectFileSystemLifeCycleState");
    assertThat(create("fs-12345678", SUBNET_A, "").error()).isEqualTo("404 FileSystemNotFound");
    Answer noSubnet = create(fileSystem("t", ""), "subnet-12345678", "");
    assertThat(noSubnet.error()).isEqualTo("400 SubnetNotFound");
    assertThat(noSubnet.message()).isEqualTo("The subnet ID 'subnet-12345678' does not exist");
    assertThat(create("fs-1", "sub", "").error()).isEqualTo("400 ValidationException");
    assertThat(api.post(PATH, "{}").message()).startsWith("2 validation errors detected");
  }

  @Test
  void aOneZoneFileSystemIsReachedInItsZoneOnly() {
    String fileSystem = fileSystem("z", ",\"AvailabilityZoneName\":\"us-east-1b\"");
    assertThat(create(fileSystem, SUBNET_A, "").error()).isEqualTo("400 AvailabilityZonesMismatch");
    assertThat(create(fileSystem, SUBNET_B, "").get("IpAddress")).isEqualTo("10.0.3.7");
  }

  @Test
  void anAddressMustBeFreeAndOfTheSubnet() {
    String first = fileSystem("1", "");
    String second = fileSystem("2", "");
    assertThat(create(first, SUBNET_A, ",\"IpAddress\":\"10.0.1.9\"").get("IpAddress"))
        .isEqualTo("10.0.1.9");
    assertThat(create(second, SUBNET_A, ",\"IpAddress\":\"10.0.1.9\"").error())
        .isEqualTo("409 IpAddressInUse");
    for (String wrong : List.of("10.0.2.9", "10.0.1.3", "10.0.1.255", "10.0.1.300")) {
      assertThat(create(second, SUBNET_A, ",\"IpAddress\":\"" + wrong + "\"").error())
          .as(wrong)
          .isEqualTo("400 BadRequest");
    }
    assertThat(create(second, SUBNET_A, ",\"IpAddress\":\"ten\"").error())
        .isEqualTo("400 ValidationException");
    assertThat(create(second, SUBNET_A, ",\"IpAddressType\":\"DUAL_STACK\"").error())
        .isEqualTo("400 BadRequest");
    assertThat(create(second, SUBNET_A, ",\"Ipv6Address\":\"fd00::1\"").error())
        .isEqualTo("400 BadRequest");
  }

  @Test
  void aFullSubnetHasNoFreeAddress() {
    assertThat(create(fileSystem("1", ""), SUBNET_B, "").status()).isEqualTo(200);
    String second = fileSystem("2", "");
    assertThat(create(second, SUBNET_B, "").error()).isEqualTo("409 NoFreeAddressesInSubnet");
    for (int i = 0; i < 11; i++) {
      assertThat(create(fileSystem("f" + i, ""), SUBNET_OTHER, "").status()).isEqualTo(200);
    }
    assertThat(create(fileSystem("f11", ""), SUBNET_OTHER, "").error())
        .isEqualTo("409 NoFreeAddressesInSubnet");
  }

  @Test
  void securityGroupsAreThoseOfTheVpcAndAtMostFive() {
    String fileSystem = fileSystem("t", "");
    assertThat(create(fileSystem, SUBNET_A, ",\"SecurityGroups\":[\"sg-12345678\"]").error())
        .isEqualTo("400 SecurityGroupNotFound");
    String six = "\"sg-00000000000000001\"" + ",\"sg-00000000000000001\"".repeat(5);
    assertThat(create(fileSystem, SUBNET_A, ",\"SecurityGroups\":[" + six + "]").error())
        .isEqualTo("400 SecurityGroupLimitExceeded");
    String id = create(fileSystem, SUBNET_A, "").get("MountTargetId");
    String groups = PATH + "/" + id + "/security-groups";
    assertThat(api.get(groups).error()).isEqualTo("409 IncorrectMountTargetState");
    assertThat(api.put(groups, "{}").error()).isEqualTo("409 IncorrectMountTargetState");
    plane.settle();
    assertThat(api.get(groups).json().path("SecurityGroups").path(0).asString())
        .isEqualTo("sg-00000000000000001");
    assertThat(api.put(groups, "{\"SecurityGroups\":[\"sg-00000000000000001\"]}").status())
        .isEqualTo(204);
    assertThat(api.put(groups, "{\"SecurityGroups\":[\"sg-00000000000000002\"]}").error())
        .isEqualTo("400 SecurityGroupNotFound");
    assertThat(api.put(groups, "{\"SecurityGroups\":[" + six + "]}").error())
        .isEqualTo("400 SecurityGroupLimitExceeded");
    assertThat(api.get(PATH + "/fsmt-12345678/security-groups").error())
        .isEqualTo("404 MountTargetNotFound");
    assertThat(api.put(PATH + "/fsmt-12345678/security-groups", "{}").error())
        .isEqualTo("404 MountTargetNotFound");
  }

  @Test
  void mountTargetsAreDescribedByExactlyOneId() {
    String fileSystem = fileSystem("t", "");
    create(fileSystem, SUBNET_A, "");
    create(fileSystem, SUBNET_B, "");
    JsonNode first = api.get(PATH + "?FileSystemId=" + fileSystem + "&MaxItems=1").json();
    assertThat(first.path("MountTargets").size()).isEqualTo(1);
    String marker = first.path("NextMarker").asString();
    JsonNode second =
        api.get(PATH + "?FileSystemId=" + fileSystem + "&MaxItems=1&Marker=" + marker).json();
    assertThat(second.path("MountTargets").size()).isEqualTo(1);
    assertThat(second.path("Marker").asString()).isEqualTo(marker);
    assertThat(second.has("NextMarker")).isFalse();
    assertThat(api.get(PATH).error()).isEqualTo("400 BadRequest");
    assertThat(api.get(PATH + "?FileSystemId=fs-12345678&MountTargetId=fsmt-12345678").error())
        .isEqualTo("400 BadRequest");
    assertThat(api.get(PATH + "?FileSystemId=fs-12345678").error())
        .isEqualTo("404 FileSystemNotFound");
    assertThat(api.get(PATH + "?MountTargetId=fsmt-12345678").error())
        .isEqualTo("404 MountTargetNotFound");
    assertThat(api.get(PATH + "?AccessPointId=fsap-12345678").error())
        .isEqualTo("404 AccessPointNotFound");
  }

  @Test
  void aFileSystemWithMountTargetsIsInUseUntilTheyAreGone() {
    String fileSystem = fileSystem("t", "");
    String id = create(fileSystem, SUBNET_A, "").get("MountTargetId");
    plane.settle();
    Answer inUse = api.delete(FILE_SYSTEMS + "/" + fileSystem);
    assertThat(inUse.error()).isEqualTo("409 FileSystemInUse");
    assertThat(inUse.message())
        .isEqualTo(
            "The file system '"
                + fileSystem
                + "' cannot be deleted because it has mount targets. You must delete the mount"
                + " targets, and then try again.");
    assertThat(api.delete(PATH + "/" + id).status()).isEqualTo(204);
    assertThat(api.delete(FILE_SYSTEMS + "/" + fileSystem).error())
        .isEqualTo("409 FileSystemInUse");
    plane.settle();
    assertThat(plane.dataPlane.exports()).isEmpty();
    assertThat(api.get(PATH + "?MountTargetId=" + id).error()).isEqualTo("404 MountTargetNotFound");
    assertThat(api.delete(PATH + "/" + id).error()).isEqualTo("404 MountTargetNotFound");
    assertThat(api.delete(FILE_SYSTEMS + "/" + fileSystem).status()).isEqualTo(204);
    assertThat(create(fileSystem("t2", ""), SUBNET_A, "").get("IpAddress")).isEqualTo("10.0.1.4");
  }
}
