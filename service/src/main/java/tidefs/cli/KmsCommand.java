package tidefs.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidefs kms}: the keys that file systems are encrypted with, through the KMS API. */
@Command(
    name = "kms",
    description = "Manages the keys that file systems are encrypted with.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example:  tidefs kms create --description archive --alias alias/archive",
      "          aws efs create-file-system --encrypted --kms-key-id alias/archive",
      "          tidefs kms disable alias/archive    # its file systems answer EIO",
      "",
      "KEY is an id, an ARN or an alias. Requests are signed with AWS_ACCESS_KEY_ID and",
      "AWS_SECRET_ACCESS_KEY. 'aws kms' does the same, and prints JSON.",
    })
final class KmsCommand implements Runnable {
  @Mixin private final Endpoint endpoint = new Endpoint();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    var command = Objects.requireNonNull(spec).commandLine();
    command.usage(command.getErr());
  }

  @Command(name = "create", description = "Makes a key and prints the answer, with its id.")
  int create(
      @Option(names = "--description", defaultValue = "", description = "What it is for.")
          String description,
      @Option(names = "--alias", description = "A name, such as alias/archive.")
          @Nullable String alias) {
    String answer = call("CreateKey", "Description", description);
    out().println(answer);
    if (alias != null) {
      String id = answer.replaceFirst("(?s).*\"KeyId\"\\s*:\\s*\"([^\"]+)\".*", "$1");
      call("CreateAlias", "AliasName", alias, "TargetKeyId", id);
    }
    return ExitCode.OK;
  }

  @Command(name = "list", description = "Lists keys and their aliases.")
  int list() {
    out().println(call("ListKeys"));
    out().println(call("ListAliases"));
    return ExitCode.OK;
  }

  @Command(name = "describe", description = "Tells of a key: its state, when it ends.")
  int describe(@Parameters(paramLabel = "KEY") String key) {
    out().println(call("DescribeKey", "KeyId", key));
    return ExitCode.OK;
  }

  @Command(name = "disable", description = "File systems of the key answer EIO from now on.")
  int disable(@Parameters(paramLabel = "KEY") String key) {
    call("DisableKey", "KeyId", key);
    return ExitCode.OK;
  }

  @Command(name = "enable", description = "Takes 'disable' back.")
  int enable(@Parameters(paramLabel = "KEY") String key) {
    call("EnableKey", "KeyId", key);
    return ExitCode.OK;
  }

  @Command(name = "rotate", description = "Gives the key new bytes; wraps data keys with them.")
  int rotate(@Parameters(paramLabel = "KEY") String key) {
    call("RotateKeyOnDemand", "KeyId", key);
    return ExitCode.OK;
  }

  @Command(
      name = "delete",
      description = "Disables the key now, and ends it, with all it encrypted, in some days.")
  int delete(
      @Parameters(paramLabel = "KEY") String key,
      @Option(names = "--days", defaultValue = "30", description = "7 to 30 (default: 30).")
          int days) {
    String answer =
        endpoint.postJson(
            "kms",
            "TrentService.ScheduleKeyDeletion",
            "{\"KeyId\":" + quoted(key) + ",\"PendingWindowInDays\":" + days + "}");
    out().println(answer);
    return ExitCode.OK;
  }

  @Command(name = "cancel-deletion", description = "Takes 'delete' back; then enable the key.")
  int cancelDeletion(@Parameters(paramLabel = "KEY") String key) {
    call("CancelKeyDeletion", "KeyId", key);
    return ExitCode.OK;
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  /** Calls an action with members given as names and values. */
  private String call(String action, String... members) {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < members.length; i += 2) {
      json.append(i == 0 ? "" : ",").append(quoted(members[i])).append(':');
      json.append(quoted(members[i + 1]));
    }
    return endpoint.postJson("kms", "TrentService." + action, json.append('}').toString());
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each < ' ' || each == '"' || each == '\\') {
        quoted.append(String.format("\\u%04x", (int) each));
      } else {
        quoted.append(each);
      }
    }
    return quoted.append('"').toString();
  }
}
