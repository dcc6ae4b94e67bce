package tidefs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.testkit.FakeDataPlane;
import tidefs.testkit.ManualLater;
import tidefs.testkit.MemoryKeys;
import tidefs.testkit.MemoryResourceStore;

/** Quotas that take thousands of resources to reach. */
class LimitsTest {
  private final ManualLater later = new ManualLater();
  private final Control control =
      new Control(
          new Control.Setup(
              new Account("123456789012", "us-east-1"),
              wideNetwork(),
              Timing.DEFAULT,
              Quotas.DEFAULT,
              new MemoryResourceStore(),
              new FakeDataPlane(),
              MemoryKeys.keyring(),
              later,
              Clock.system(),
              Chance.system()));

  private static Network wideNetwork() {
    String vpc = "vpc-12345678";
    return new Network(
        "us-east-1",
        List.of(
            new AvailabilityZone("us-east-1a", "use1-az1"),
            new AvailabilityZone("us-east-1b", "use1-az2")),
        List.of(new Vpc(vpc, Cidr.parse("10.0.0.0/15"), "sg-12345678", true)),
        List.of(
            new Subnet("subnet-0000000a", vpc, "us-east-1a", Cidr.parse("10.0.0.0/16"), List.of()),
            new Subnet(
                "subnet-0000000b", vpc, "us-east-1b", Cidr.parse("10.1.0.0/16"), List.of())));
  }

  private String create(String token) throws ApiRefusal {
    return control
        .fileSystems()
        .create(
            new NewFileSystem(
                token,
                PerformanceMode.GENERAL_PURPOSE,
                new NewFileSystem.Encryption(false, Optional.empty()),
                Optional.empty(),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Tags.NONE))
        .fileSystem()
        .id();
  }

  private void mount(String fileSystem, String subnet) throws ApiRefusal {
    control
        .mountTargets()
        .create(new NewMountTarget(fileSystem, subnet, Optional.empty(), List.of()));
  }

  @Test
  void aVpcHoldsFourteenHundredMountTargets() throws ApiRefusal {
    List<String> fileSystems = new ArrayList<>();
    for (int i = 0; i < 701; i++) {
      fileSystems.add(create("t" + i));
    }
    later.runWaiting();
    for (String fileSystem : fileSystems.subList(0, 700)) {
      mount(fileSystem, "subnet-0000000a");
      mount(fileSystem, "subnet-0000000b");
    }
    assertThatThrownBy(() -> mount(fileSystems.getLast(), "subnet-0000000a"))
        .isInstanceOfSatisfying(
            ApiRefusal.class,
            it -> assertThat(it.code()).isEqualTo(ErrorCode.NETWORK_INTERFACE_LIMIT_EXCEEDED));
  }

  @Test
  void aFileSystemHasTenThousandAccessPointsAndGoesWithAllOfThem() throws ApiRefusal {
    String fileSystem = create("t");
    later.runWaiting();
    for (int i = 0; i < Limits.ACCESS_POINTS_PER_FILE_SYSTEM; i++) {
      accessPoint("a" + i, fileSystem);
    }
    assertThatThrownBy(() -> accessPoint("more", fileSystem))
        .isInstanceOfSatisfying(
            ApiRefusal.class,
            it -> assertThat(it.code()).isEqualTo(ErrorCode.ACCESS_POINT_LIMIT_EXCEEDED))
        .hasMessageContaining("the maximum number of access points (10000)");
    Page<AccessPoint> page =
        control
            .accessPoints()
            .describe(
                Optional.empty(),
                Optional.of(fileSystem),
                new PageRequest(Optional.empty(), OptionalInt.of(1_000)));
    assertThat(page.entries()).hasSize(1_000);
    control.fileSystems().delete(fileSystem);
    later.runWaiting();
    assertThat(
            control
                .accessPoints()
                .describe(Optional.empty(), Optional.empty(), PageRequest.FIRST)
                .entries())
        .isEmpty();
  }

  private void accessPoint(String token, String fileSystem) throws ApiRefusal {
    control
        .accessPoints()
        .create(
            new NewAccessPoint(
                token, fileSystem, Optional.empty(), RootDirectory.WHOLE, Tags.NONE));
  }
}
