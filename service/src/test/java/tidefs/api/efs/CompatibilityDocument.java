package tidefs.api.efs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tidefs.api.efs.SdkModel.Member;
import tidefs.api.efs.SdkModel.Operation;

/** The text of {@code docs/compatibility.md}. */
final class CompatibilityDocument {
  private CompatibilityDocument() {}

  static String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Compatibility with the EFS API

        A test compares the EFS API (2015-02-01) as the AWS SDK for Java describes it with what this
        server does, and writes this file:
        `mvn test -Dtest=CompatibilityTest -Dtidefs.write-docs=true`. It fails on any member of any
        request or reply that is neither handled nor named here.

        | Operation | Members of the request | Members of the reply | Errors |
        |---|---|---|---|
        """);
    for (Operation operation : SdkModel.operations().values()) {
      if (!Unsupported.OPERATIONS.containsKey(operation.name())) {
        row(out, operation);
      }
    }
    section(out, "Operations that are not served", Unsupported.OPERATIONS);
    section(out, "Members of requests that are not read", Unsupported.REQUEST_MEMBERS);
    section(out, "Members of replies that are never there", Unsupported.RESPONSE_MEMBERS);
    section(out, "Errors that are never answered", Unsupported.ERRORS);
    unprovoked(out);
    rest(out);
    return out.toString();
  }

  private static void rest(StringBuilder out) {
    out.append(
        """

        ## Other services on the same port

        The service that a request is signed for answers it.

        - **EC2**: DescribeAvailabilityZones, DescribeVpcs, CreateVpc, DescribeSubnets,
          CreateSubnet, DescribeSecurityGroups, CreateSecurityGroup, DeleteSecurityGroup,
          AuthorizeSecurityGroupIngress, RevokeSecurityGroupIngress, AuthorizeSecurityGroupEgress,
          RevokeSecurityGroupEgress, DescribeNetworkInterfaces. A
          created subnet is of use if this host has addresses of its block.
        - **STS**: GetCallerIdentity, AssumeRole and AssumeRoleWithWebIdentity (without session
          policies, tags and MFA; see [security](security.md#roles)).
        - **IAM**: users, access keys, roles, and their inline and attached policies.
        - **KMS**: CreateKey, DescribeKey, ListKeys, CreateAlias, ListAliases, EnableKey,
          DisableKey, ScheduleKeyDeletion, CancelKeyDeletion, RotateKeyOnDemand, Encrypt, Decrypt,
          GenerateDataKey, of symmetric keys. [Encrypted file systems](encryption.md) use them.

        ## Acted on in a way of its own

        - **Backup policy**: backups are made if `backup.folder` is set; see
          [operations](operations.md#backups).
        - **Lifecycle configuration**: files move to the places that `storage` names for the
          classes.

        ## Security groups

        A client can connect to a mount target if a rule of one of its groups admits the client's
        address to TCP port 2049. Others are cut off as soon as they connect; a connection that
        stands goes on when a rule is revoked.

        A rule may name a group as its source. The server knows the groups of mount targets, not
        those of clients, so the default group of a VPC stands for every address of the VPC. That is
        why a mount works without any rule: the default group admits its own members. Any other
        group as a source admits no client: admit clients by their addresses. Rules for outgoing
        traffic are kept and shown; nothing that goes out is held back. A listener that shows all
        file systems (`nfs.shared`) is no mount target and has no groups.
        """);
  }

  private static void row(StringBuilder out, Operation operation) {
    List<String> errors = new ArrayList<>(operation.errors());
    errors.removeAll(Unsupported.ERRORS.keySet());
    errors.removeIf(error ->
        Unsupported.UNPROVOKED.stream().anyMatch(it -> it.covers(operation.name(), error)));
    out.append("| ")
        .append(operation.name())
        .append(" | ")
        .append(members(operation.name(), operation.request(), Unsupported.REQUEST_MEMBERS))
        .append(" | ")
        .append(members(operation.name(), operation.response(), Unsupported.RESPONSE_MEMBERS))
        .append(" | ")
        .append(String.join(", ", errors.stream().sorted().toList()))
        .append(" |\n");
  }

  private static String members(
      String operation, software.amazon.awssdk.core.SdkPojo shape, Map<String, String> without) {
    List<String> names = new ArrayList<>();
    for (Member member : SdkModel.members(shape)) {
      if (!without.containsKey(operation + "." + member.name())) {
        names.add(member.name());
      }
    }
    return String.join(", ", names);
  }

  private static void unprovoked(StringBuilder out) {
    out.append(
        """

        Every other error that an operation names is brought about by the AWS CLI, boto3, the SDK
        for Java and the SDK for JavaScript in `system-tests/run control-plane`, except:

        """);
    for (Unsupported.Unprovoked each : Unsupported.UNPROVOKED) {
      String where =
          each.operations().isEmpty() ? "every operation" : String.join(", ", each.operations());
      out.append("- `%s` of %s: %s%n".formatted(each.error(), where, each.reason()));
    }
  }

  private static void section(StringBuilder out, String title, Map<String, String> entries) {
    out.append("\n## ").append(title).append("\n\n");
    entries.forEach(
        (name, reason) -> out.append("- `").append(name).append("`: ").append(reason).append('\n'));
  }
}
