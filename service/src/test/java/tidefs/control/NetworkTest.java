package tidefs.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final String VPC = "vpc-12345678";

  private static Network network(Subnet... subnets) {
    return new Network(
        "us-east-1",
        List.of(new AvailabilityZone("us-east-1a", "use1-az1")),
        List.of(new Vpc(VPC, Cidr.parse("10.0.0.0/16"), "sg-12345678", true)),
        List.of(subnets));
  }

  private static Subnet subnet(String id, String zone, String cidr) {
    return new Subnet(id, VPC, zone, Cidr.parse(cidr), List.of());
  }

  @Test
  void theLoopbackNetworkNamesZonesAsAwsDoes() {
    assertThat(Network.loopback("us-east-1").zones())
        .extracting(AvailabilityZone::id)
        .containsExactly("use1-az1", "use1-az2", "use1-az3");
    assertThat(Network.loopback("ap-southeast-2").zones().getFirst())
        .isEqualTo(new AvailabilityZone("ap-southeast-2a", "apse2-az1"));
    assertThat(Network.loopback("us-gov-west-1").zones().getFirst().id()).isEqualTo("usgw1-az1");
    assertThat(Network.loopback("eu-central-1").subnets())
        .extracting(it -> it.cidr().toString())
        .containsExactly("127.0.1.0/24", "127.0.2.0/24", "127.0.3.0/24");
  }

  @Test
  void aNetworkWhosePartsDoNotFitIsRefused() {
    assertThat(network(subnet("subnet-00000001", "us-east-1a", "10.0.1.0/24")).subnets())
        .hasSize(1);
    assertThatThrownBy(() -> network(subnet("subnet-00000001", "us-east-1b", "10.0.1.0/24")))
        .hasMessageContaining("no zone for subnet subnet-00000001");
    assertThatThrownBy(() -> network(subnet("subnet-00000001", "us-east-1a", "10.1.1.0/24")))
        .hasMessageContaining("does not lie in a VPC");
    assertThatThrownBy(() ->
            network(
                subnet("subnet-00000001", "us-east-1a", "10.0.1.0/24"),
                subnet("subnet-00000002", "us-east-1a", "10.0.1.128/25")))
        .hasMessageContaining("overlap");
    assertThatThrownBy(() -> subnet("net-1", "us-east-1a", "10.0.1.0/24"))
        .hasMessageContaining("subnet id 'net-1'");
  }

  @Test
  void blocksAndAddressesAreParsedStrictly() {
    for (String wrong :
        List.of(
            "10.0.0.1/24",
            "10.0.0/24",
            "10.0.0.0",
            "10.0.0.0/33",
            "a.b.c.d/8",
            "1.2.3.256/32",
            "10.0.0.0/x",
            "10.0.0.0/0")) {
      assertThatThrownBy(() -> Cidr.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    Cidr block = Cidr.parse("255.255.255.240/28");
    assertThat(block.size()).isEqualTo(16);
    assertThat(block.contains(Cidr.address("255.255.255.255"))).isTrue();
    assertThat(block.contains(Cidr.address("255.255.255.239"))).isFalse();
    assertThat(block.at(15)).isEqualTo(Cidr.address("255.255.255.255"));
  }

  @Test
  void theLowestFreeAddressIsGivenAndReservedOnesNever() {
    Subnet subnet = subnet("subnet-00000001", "us-east-1a", "10.0.1.0/28");
    var addresses = new AddressAllocator();
    assertThat(addresses.freeCount(subnet)).isEqualTo(11);
    for (int i = 4; i <= 14; i++) {
      var free = addresses.free(subnet).orElseThrow();
      assertThat(free).isEqualTo(Cidr.address("10.0.1." + i));
      addresses.take(subnet, free);
    }
    assertThat(addresses.free(subnet)).isEmpty();
    assertThat(addresses.freeCount(subnet)).isZero();
    addresses.release(subnet, Cidr.address("10.0.1.9"));
    assertThat(addresses.free(subnet)).contains(Cidr.address("10.0.1.9"));
    assertThat(addresses.isTaken(Cidr.address("10.0.1.9"))).isFalse();
    assertThat(addresses.isTaken(Cidr.address("10.0.1.8"))).isTrue();
  }
}
