package tidefs.api.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tidefs.control.Cidr;
import tidefs.testkit.ApiClient;
import tidefs.testkit.ApiClient.Answer;
import tidefs.testkit.ControlPlane;

/** VPCs, subnets, network interfaces and security groups, and whom these let in. */
class SecurityGroupsTest {
  private static final String V = "/2015-02-01";
  private static final String VPC = "vpc-0000000000000127f";
  private static final String DEFAULT_GROUP = "sg-0000000000000127f";
  private static final String NFS =
      "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=2049"
          + "&IpPermissions.1.ToPort=2049&IpPermissions.1.IpRanges.1.CidrIp=";

  private final ControlPlane plane = new ControlPlane();

  @AfterEach
  void close() {
    plane.close();
  }

  private Answer call(String form) {
    ApiClient ec2 = plane.client().signedFor("ec2", ControlPlane.REGION);
    return ec2.post("/", "Version=2016-11-15&Action=" + form);
  }

  private static String first(String element, Answer in) {
    Matcher found = Pattern.compile("<" + element + ">([^<]+)<").matcher(in.text());
    assertThat(found.find()).as(in.text()).isTrue();
    return found.group(1);
  }

  private String group(String name) {
    return first(
        "groupId",
        call("CreateSecurityGroup&GroupName=" + name + "&GroupDescription=d&VpcId=" + VPC));
  }

  /** A mount target on 127.0.1.4 with these groups. */
  private String mountTarget(String groups) {
    ApiClient efs = plane.client();
    String id = efs.post(V + "/file-systems", "{\"CreationToken\":\"t\"}").get("FileSystemId");
    plane.settle();
    Answer made =
        efs.post(
            V + "/mount-targets",
            "{\"FileSystemId\":\""
                + id
                + "\",\"SubnetId\":\"subnet-00000000000012701\""
                + groups
                + "}");
    assertThat(made.get("IpAddress")).as(made.text()).isEqualTo("127.0.1.4");
    plane.settle();
    return made.get("MountTargetId");
  }

  private boolean admits(String client) {
    return plane.control.firewall().admits(Cidr.address("127.0.1.4"), Cidr.address(client));
  }

  @Test
  void theDefaultGroupLetsTheAddressesOfItsVpcIn() {
    assertThat(admits("10.0.0.1")).as("an address that is no mount target").isTrue();
    mountTarget("");
    assertThat(admits("127.0.0.1")).isTrue();
    assertThat(admits("127.1.0.1")).isFalse();
    assertThat(admits("10.0.0.1")).isFalse();
    assertThat(
            call("AuthorizeSecurityGroupIngress&GroupId=" + DEFAULT_GROUP + NFS + "0.0.0.0/0")
                .status())
        .isEqualTo(200);
    assertThat(admits("10.0.0.1")).isTrue();
  }

  @Test
  void rulesLetInAndOutAgainAndSurviveARestart() {
    String group = group("clients");
    mountTarget(",\"SecurityGroups\":[\"" + group + "\"]");
    assertThat(admits("127.0.0.1")).isFalse();
    Answer added = call("AuthorizeSecurityGroupIngress&GroupId=" + group + NFS + "127.0.0.0/24");
    assertThat(added.text()).contains("<cidrIpv4>127.0.0.0/24</cidrIpv4>");
    assertThat(admits("127.0.0.1")).isTrue();
    assertThat(admits("127.0.1.1")).isFalse();
    plane.restart();
    assertThat(admits("127.0.0.1")).isTrue();
    assertThat(admits("127.0.1.1")).isFalse();
    assertThat(call("RevokeSecurityGroupIngress&GroupId=" + group + NFS + "127.0.0.0/24").status())
        .isEqualTo(200);
    assertThat(admits("127.0.0.1")).isFalse();
    assertThat(call("RevokeSecurityGroupIngress&GroupId=" + group + NFS + "127.0.0.0/24").text())
        .contains("<Code>InvalidPermission.NotFound</Code>");
  }

  @Test
  void rulesForWhatGoesOutAreKeptAndHoldNothingBack() {
    String group = group("out");
    String everything =
        "&GroupId="
            + group
            + "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0";
    String described = "DescribeSecurityGroups&GroupId.1=" + group;
    assertThat(call(described).text()).contains("<ipPermissionsEgress><item>");
    assertThat(call("AuthorizeSecurityGroupEgress" + everything).text())
        .contains("<Code>InvalidPermission.Duplicate</Code>");
    assertThat(call("RevokeSecurityGroupEgress" + everything).status()).isEqualTo(200);
    assertThat(call(described).text()).contains("<ipPermissionsEgress></ipPermissionsEgress>");
    assertThat(call("AuthorizeSecurityGroupEgress&GroupId=" + group + NFS + "10.0.0.0/8").text())
        .contains("<isEgress>true</isEgress>");
    mountTarget(",\"SecurityGroups\":[\"" + group + "\"]");
    assertThat(admits("127.0.0.1")).isFalse();
    plane.restart();
    assertThat(call(described).text())
        .contains("<cidrIp>10.0.0.0/8</cidrIp>")
        .contains("<ipPermissions></ipPermissions>");
  }

  @Test
  void aRuleForAnotherPortOrAGroupLetsNoClientIn() {
    String group = group("other");
    mountTarget(",\"SecurityGroups\":[\"" + group + "\"]");
    call(
        "AuthorizeSecurityGroupIngress&GroupId="
            + group
            + (NFS + "127.0.0.0/24").replace("2049", "22"));
    call(
        "AuthorizeSecurityGroupIngress&GroupId="
            + group
            + "&IpPermissions.1.IpProtocol=-1&IpPermissions.1.Groups.1.GroupId="
            + group);
    assertThat(admits("127.0.0.1")).isFalse();
    assertThat(call("DescribeSecurityGroups&GroupId.1=" + group).text())
        .contains("<fromPort>22</fromPort>")
        .contains("<groupName>other</groupName>")
        .contains("<userId>123456789012</userId>");
  }

  @Test
  void groupsOfAMountTargetAreReplaced() {
    String target = mountTarget("");
    String group = group("closed");
    assertThat(
            plane
                .client()
                .put(
                    V + "/mount-targets/" + target + "/security-groups",
                    "{\"SecurityGroups\":[\"" + group + "\"]}")
                .status())
        .isEqualTo(204);
    assertThat(admits("127.0.0.1")).isFalse();
    assertThat(
            call("DescribeNetworkInterfaces&Filter.1.Name=group-id&Filter.1.Value.1=" + group)
                .text())
        .contains("<privateIpAddress>127.0.1.4</privateIpAddress>")
        .contains("EFS mount target for fs-")
        .contains("<groupName>closed</groupName>");
    assertThat(
            call("DescribeNetworkInterfaces&Filter.1.Name=group-id&Filter.1.Value.1=sg-1").text())
        .doesNotContain("127.0.1.4");
    assertThat(call("DeleteSecurityGroup&GroupId=" + group).text())
        .contains("<Code>DependencyViolation</Code>");
    plane.client().delete(V + "/mount-targets/" + target);
    plane.settle();
    assertThat(admits("10.0.0.1")).isTrue();
    assertThat(call("DeleteSecurityGroup&GroupId=" + group).status()).isEqualTo(200);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    String group = group("g");
    String authorize = "AuthorizeSecurityGroupIngress&GroupId=" + group;
    call(authorize + NFS + "10.0.0.0/8");
    for (String[] each :
        new String[][] {
          {"CreateSecurityGroup&GroupName=g&GroupDescription=d", "InvalidGroup.Duplicate"},
          {"CreateSecurityGroup&GroupName=g", "MissingParameter"},
          {
            "CreateSecurityGroup&GroupName=h&GroupDescription=d&VpcId=vpc-12345678",
            "InvalidVpcID.NotFound"
          },
          {authorize + NFS + "10.0.0.0/8", "InvalidPermission.Duplicate"},
          {authorize + NFS + "10.0.0.1/8", "InvalidParameterValue"},
          {authorize, "MissingParameter"},
          {authorize.replace(group, "sg-12345678") + NFS + "10.0.0.0/8", "InvalidGroup.NotFound"},
          {"DescribeSecurityGroups&GroupId.1=sg-12345678", "InvalidGroup.NotFound"},
          {"DeleteSecurityGroup&GroupId=" + DEFAULT_GROUP, "CannotDelete"},
          {"CreateVpc&CidrBlock=10.0.0.0/8", "InvalidVpc.Range"},
          {"CreateVpc&CidrBlock=ten", "InvalidParameterValue"},
          {"CreateSubnet&VpcId=" + VPC + "&CidrBlock=127.0.1.0/26", "InvalidSubnet.Conflict"},
          {"CreateSubnet&VpcId=" + VPC + "&CidrBlock=10.0.1.0/24", "InvalidSubnet.Range"},
          {"CreateSubnet&VpcId=vpc-12345678&CidrBlock=10.0.1.0/24", "InvalidVpcID.NotFound"},
        }) {
      assertThat(call(each[0]).text()).as(each[0]).contains("<Code>" + each[1] + "</Code>");
    }
  }

  @Test
  void aVpcAndASubnetAreMadeAndUsedAfterARestart() {
    String vpc = first("vpcId", call("CreateVpc&CidrBlock=127.9.0.0/16"));
    String subnet =
        first(
            "subnetId",
            call(
                "CreateSubnet&VpcId="
                    + vpc
                    + "&CidrBlock=127.9.1.0/24&AvailabilityZone=us-east-1b"));
    plane.restart();
    assertThat(call("DescribeSubnets&SubnetId.1=" + subnet).text())
        .contains("<availabilityZoneId>use1-az2</availabilityZoneId>")
        .contains("<availableIpAddressCount>251</availableIpAddressCount>");
    ApiClient efs = plane.client();
    String id = efs.post(V + "/file-systems", "{\"CreationToken\":\"t\"}").get("FileSystemId");
    plane.settle();
    String body = "{\"FileSystemId\":\"" + id + "\",\"SubnetId\":\"" + subnet + "\"}";
    Answer made = efs.post(V + "/mount-targets", body);
    assertThat(made.get("IpAddress")).as(made.text()).isEqualTo("127.9.1.4");
    assertThat(made.get("VpcId")).isEqualTo(vpc);
    plane.restart();
    assertThat(plane.client().get(V + "/mount-targets?FileSystemId=" + id).text())
        .contains("127.9.1.4")
        .contains(vpc);
    assertThat(call("DescribeSubnets&SubnetId.1=" + subnet).text())
        .contains("<availableIpAddressCount>250</availableIpAddressCount>");
  }
}
