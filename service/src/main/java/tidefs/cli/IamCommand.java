package tidefs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidefs iam}: users, access keys and policies, through the IAM API. */
final class IamCommand {
  private static final String MANAGED = "arn:aws:iam::aws:policy/";

  private IamCommand() {}

  /** The command with its subcommands. */
  @Command(
      name = "iam",
      description = "Manages users, their access keys and policies.",
      subcommands = {
        UserCommands.class,
        KeyCommands.class,
        PolicyCommands.class,
        RoleCommands.class
      },
      synopsisSubcommandLabel = "COMMAND",
      footer = {
        "",
        "Example:  tidefs iam user create alice --policy AmazonElasticFileSystemFullAccess",
        "          tidefs iam key create alice",
        "          tidefs iam policy put alice mounts mounts.json",
        "",
        "Requests are signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Who has lost the",
        "administrator's key starts the server once with --insecure-api and makes another.",
      })
  static final class Iam implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      usage(spec);
    }
  }

  /** What the subcommands have in common. */
  abstract static class Calls implements Runnable {
    @Mixin private final Endpoint endpoint = new Endpoint();
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      usage(spec);
    }

    PrintWriter out() {
      return Objects.requireNonNull(spec).commandLine().getOut();
    }

    /** Calls an action with parameters given as names and values. */
    String call(String action, String... parameters) {
      StringBuilder form = new StringBuilder("Action=" + action + "&Version=2010-05-08");
      for (int i = 0; i < parameters.length; i += 2) {
        form.append('&').append(parameters[i]).append('=');
        form.append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
      }
      return endpoint.post("iam", form.toString());
    }
  }

  private static void usage(@Nullable CommandSpec spec) {
    var command = Objects.requireNonNull(spec).commandLine();
    command.usage(command.getErr());
  }

  /** {@code tidefs iam user}. */
  @Command(name = "user", description = "Users: create, list, delete.")
  static final class UserCommands extends Calls {
    @Command(name = "create", description = "Makes a user, who may do what his policies allow.")
    int create(
        @Parameters(paramLabel = "NAME") String name,
        @Option(
                names = "--policy",
                paramLabel = "POLICY",
                description = "A managed policy to attach, by name or ARN; may be repeated.")
            @Nullable List<String> policies) {
      call("CreateUser", "UserName", name);
      for (String policy : policies == null ? List.<String>of() : policies) {
        call("AttachUserPolicy", "UserName", name, "PolicyArn", arn(policy));
      }
      out().println("User " + name + " made. Next: tidefs iam key create " + name);
      return ExitCode.OK;
    }

    @Command(name = "list", description = "Lists the users.")
    int list() {
      for (Map<String, String> user : Ec2Client.items(call("ListUsers"), "Users")) {
        out().println(user.getOrDefault("UserName", "") + "  " + user.getOrDefault("Arn", ""));
      }
      return ExitCode.OK;
    }

    @Command(name = "delete", description = "Deletes a user without keys and policies.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
      call("DeleteUser", "UserName", name);
      return ExitCode.OK;
    }
  }

  /** {@code tidefs iam key}. */
  @Command(name = "key", description = "Access keys: create, list, delete.")
  static final class KeyCommands extends Calls {
    @Command(name = "create", description = "Makes an access key, and prints it this once.")
    int create(@Parameters(paramLabel = "USER") String user) {
      Map<String, String> key =
          Ec2Client.items(call("CreateAccessKey", "UserName", user), "CreateAccessKeyResult")
              .getFirst();
      out().println("export AWS_ACCESS_KEY_ID=" + key.getOrDefault("AccessKeyId", ""));
      out().println("export AWS_SECRET_ACCESS_KEY=" + key.getOrDefault("SecretAccessKey", ""));
      return ExitCode.OK;
    }

    @Command(name = "list", description = "Lists the access keys of a user.")
    int list(@Parameters(paramLabel = "USER") String user) {
      String answer = call("ListAccessKeys", "UserName", user);
      for (Map<String, String> key : Ec2Client.items(answer, "AccessKeyMetadata")) {
        out().println(key.getOrDefault("AccessKeyId", "") + "  " + key.getOrDefault("Status", ""));
      }
      return ExitCode.OK;
    }

    @Command(name = "delete", description = "Deletes an access key; nobody can sign with it now.")
    int delete(
        @Parameters(paramLabel = "USER") String user,
        @Parameters(paramLabel = "KEY-ID") String keyId) {
      call("DeleteAccessKey", "UserName", user, "AccessKeyId", keyId);
      return ExitCode.OK;
    }
  }

  /** {@code tidefs iam policy}. */
  @Command(name = "policy", description = "Policies of users: put, delete, attach, detach.")
  static final class PolicyCommands extends Calls {
    @Command(name = "put", description = "Gives a user a policy of his own, from a file.")
    int put(
        @Parameters(paramLabel = "USER") String user,
        @Parameters(paramLabel = "NAME") String name,
        @Parameters(paramLabel = "FILE") Path file) {
      String document;
      try {
        document = Files.readString(file);
      } catch (IOException e) {
        throw new CommandException(ExitCode.USAGE, "cannot read " + file + ": " + e, e);
      }
      call("PutUserPolicy", "UserName", user, "PolicyName", name, "PolicyDocument", document);
      return ExitCode.OK;
    }

    @Command(name = "delete", description = "Takes a policy of his own from a user.")
    int delete(
        @Parameters(paramLabel = "USER") String user,
        @Parameters(paramLabel = "NAME") String name) {
      call("DeleteUserPolicy", "UserName", user, "PolicyName", name);
      return ExitCode.OK;
    }

    @Command(name = "attach", description = "Attaches a managed policy, by name or ARN.")
    int attach(
        @Parameters(paramLabel = "USER") String user,
        @Parameters(paramLabel = "POLICY") String policy) {
      call("AttachUserPolicy", "UserName", user, "PolicyArn", arn(policy));
      return ExitCode.OK;
    }

    @Command(name = "detach", description = "Detaches a managed policy, by name or ARN.")
    int detach(
        @Parameters(paramLabel = "USER") String user,
        @Parameters(paramLabel = "POLICY") String policy) {
      call("DetachUserPolicy", "UserName", user, "PolicyArn", arn(policy));
      return ExitCode.OK;
    }
  }

  static String arn(String policy) {
    return policy.startsWith("arn:") ? policy : MANAGED + policy;
  }
}
