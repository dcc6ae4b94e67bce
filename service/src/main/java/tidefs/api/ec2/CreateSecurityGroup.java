package tidefs.api.ec2;

import java.util.Optional;
import java.util.function.Consumer;
import tidefs.api.ServiceError;
import tidefs.api.Xml;
import tidefs.control.Control;
import tidefs.control.NetworkRefusal;
import tidefs.control.SecurityGroup;
import tidefs.control.Vpc;

/** CreateSecurityGroup. Without a VPC, the group is made in the default one. */
record CreateSecurityGroup(Control control) implements Ec2Operation {
  private static final int NAME_LENGTH = 255;

  @Override
  public String name() {
    return "CreateSecurityGroup";
  }

  @Override
  public Consumer<Xml> perform(Ec2Request request) throws ServiceError, NetworkRefusal {
    String name = request.required("GroupName");
    String description = request.required("GroupDescription");
    if (name.length() > NAME_LENGTH || description.length() > NAME_LENGTH) {
      throw new ServiceError(
          400, "InvalidParameterValue", "A name or description is longer than 255 characters.");
    }
    Optional<String> first =
        control.network().vpcs().stream().filter(Vpc::isDefault).map(Vpc::id).findFirst();
    Optional<String> vpc = request.value("VpcId").or(() -> first);
    if (vpc.isEmpty()) {
      throw new ServiceError(400, "VPCIdNotSpecified", "No default VPC for this user");
    }
    SecurityGroup made =
        control
            .networking()
            .createSecurityGroup(vpc.get(), name, description, request.tags("security-group"));
    return xml -> {
      xml.text("return", "true").text("groupId", made.id());
      SecurityGroupXml.tags(xml, made.tags());
      xml.text("securityGroupArn", SecurityGroupXml.arn(made, control.account()));
    };
  }
}
