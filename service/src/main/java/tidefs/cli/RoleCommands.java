package tidefs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidefs iam role}. */
@Command(
    name = "role",
    description = "Roles, which others assume for a while: create, list, put-policy, delete.",
    footer = {
      "",
      "Example:  tidefs iam role create backup --trust trust.json \\",
      "            --policy AmazonElasticFileSystemReadOnlyAccess",
      "          aws sts assume-role --role-session-name nightly \\",
      "            --role-arn arn:aws:iam::000000000000:role/backup",
    })
final class RoleCommands extends IamCommand.Calls {
  @Command(name = "create", description = "Makes a role, and says whom it trusts.")
  int create(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--trust",
              paramLabel = "FILE",
              required = true,
              description = "The policy that says who may assume the role, in JSON.")
          Path trust,
      @Option(
              names = "--policy",
              paramLabel = "POLICY",
              description = "A managed policy to attach, by name or ARN; may be repeated.")
          @Nullable List<String> policies) {
    String answer =
        call("CreateRole", "RoleName", name, "AssumeRolePolicyDocument", document(trust));
    for (String policy : policies == null ? List.<String>of() : policies) {
      call("AttachRolePolicy", "RoleName", name, "PolicyArn", IamCommand.arn(policy));
    }
    Map<String, String> role = Ec2Client.items(answer, "CreateRoleResult").getFirst();
    out().println(role.getOrDefault("Arn", ""));
    return ExitCode.OK;
  }

  @Command(name = "list", description = "Lists the roles.")
  int list() {
    for (Map<String, String> role : Ec2Client.items(call("ListRoles"), "Roles")) {
      out().println(role.getOrDefault("RoleName", "") + "  " + role.getOrDefault("Arn", ""));
    }
    return ExitCode.OK;
  }

  @Command(name = "put-policy", description = "Gives a role a policy of its own.")
  int putPolicy(
      @Parameters(paramLabel = "ROLE") String role,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "FILE") Path file) {
    call("PutRolePolicy", "RoleName", role, "PolicyName", name, "PolicyDocument", document(file));
    return ExitCode.OK;
  }

  @Command(name = "delete", description = "Deletes a role with its policies; its sessions end.")
  int delete(@Parameters(paramLabel = "NAME") String name) {
    for (Map<String, String> policy :
        Ec2Client.items(call("ListAttachedRolePolicies", "RoleName", name), "AttachedPolicies")) {
      call("DetachRolePolicy", "RoleName", name, "PolicyArn", policy.getOrDefault("PolicyArn", ""));
    }
    call("DeleteRole", "RoleName", name);
    return ExitCode.OK;
  }

  private static String document(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, "cannot read " + file + ": " + e, e);
    }
  }
}
