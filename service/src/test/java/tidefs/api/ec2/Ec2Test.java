package tidefs.api.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** The EC2 API through the HTTP port. */
class Ec2Test {
  private static final ControlPlane PLANE = new ControlPlane();

  private final ApiClient api = PLANE.client().signedFor("ec2", ControlPlane.REGION);

  @AfterAll
  static void close() {
    PLANE.close();
  }

  private Answer call(String form) {
    return api.post("/", "Version=2016-11-15&Action=" + form);
  }

  @Test
  void subnetsAreListedWithTheirFreeAddresses() {
    Answer all = call("DescribeSubnets");
    assertThat(all.status()).isEqualTo(200);
    assertThat(all.header("Content-Type")).startsWith("text/xml");
    assertThat(all.text())
        .contains("<DescribeSubnetsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">")
        .contains("<subnetId>subnet-00000000000012701</subnetId>")
        .contains("<subnetId>subnet-00000000000012703</subnetId>")
        .contains("<availabilityZone>us-east-1b</availabilityZone>")
        .contains("<availabilityZoneId>use1-az3</availabilityZoneId>")
        .contains("<cidrBlock>127.0.2.0/24</cidrBlock>")
        .contains("<availableIpAddressCount>251</availableIpAddressCount>");
  }

  @Test
  void filtersChoose() {
    assertThat(
            call("DescribeSubnets&Filter.1.Name=availability-zone&Filter.1.Value.1=us-*b").text())
        .contains("12702")
        .doesNotContain("12701")
        .doesNotContain("12703");
    assertThat(
            call("DescribeSubnets&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-12345678"
                    + "&Filter.1.Value.2=vpc-0000000000000127f")
                .text())
        .contains("12701");
    assertThat(call("DescribeVpcs&Filter.1.Name=isDefault&Filter.1.Value.1=false").text())
        .doesNotContain("vpc-0000000000000127f");
    Answer unknown = call("DescribeVpcs&Filter.1.Name=colour&Filter.1.Value.1=red");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.text())
        .contains("<Code>InvalidParameterValue</Code>")
        .contains("<Message>The filter 'colour' is invalid</Message>");
  }

  @Test
  void whatIsNamedMustExist() {
    assertThat(call("DescribeSubnets&SubnetId.1=subnet-00000000000012702").text())
        .contains("12702")
        .doesNotContain("12701");
    assertThat(call("DescribeSubnets&SubnetId.1=subnet-12345678").text())
        .contains("<Code>InvalidSubnetID.NotFound</Code>");
    assertThat(call("DescribeVpcs&VpcId.1=vpc-12345678").text())
        .contains("<Code>InvalidVpcID.NotFound</Code>");
    assertThat(call("DescribeAvailabilityZones&ZoneName.1=us-east-1z").text())
        .contains("<Code>InvalidParameterValue</Code>");
  }

  @Test
  void zonesAreListedAndDryRunsTold() {
    assertThat(call("DescribeAvailabilityZones&ZoneName.1=us-east-1c").text())
        .contains("<zoneId>use1-az3</zoneId>")
        .contains("<zoneState>available</zoneState>")
        .doesNotContain("use1-az1");
    Answer dry = call("DescribeAvailabilityZones&DryRun=true");
    assertThat(dry.status()).isEqualTo(412);
    assertThat(dry.text())
        .contains("<Code>DryRunOperation</Code>")
        .contains("Request would have succeeded, but DryRun flag is set.");
  }

  @Test
  void anUnknownActionIsInvalid() {
    assertThat(call("RunInstances").text())
        .contains("<Code>InvalidAction</Code>")
        .contains("<RequestID>");
    assertThat(call("%3Cx%3E%00").text()).contains("The action '&lt;x&gt;?' is not valid");
    assertThat(api.get("/?Action=DescribeVpcs").status()).isEqualTo(200);
  }
}
