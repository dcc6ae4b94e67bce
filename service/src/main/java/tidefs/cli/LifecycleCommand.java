package tidefs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidefs lifecycle}: after how many days files change their storage class. */
@Command(
    name = "lifecycle",
    description = "Lifecycle configurations of file systems.",
    subcommands = {
      LifecycleCommand.Get.class,
      LifecycleCommand.Put.class,
      LifecycleStatusCommand.class,
      LifecycleMoveCommand.class
    })
final class LifecycleCommand {
  private static String path(String fileSystem) {
    return "/2015-02-01/file-systems/" + fileSystem + "/lifecycle-configuration";
  }

  /** {@code tidefs lifecycle get}. */
  @Command(
      name = "get",
      description = "Prints a lifecycle configuration.",
      footer = {"", "Example:  tidefs lifecycle get fs-0123456789abcdef0"})
  static final class Get implements Callable<Integer> {
    @Mixin private final Endpoint endpoint = new Endpoint();

    @Parameters(paramLabel = "FILE-SYSTEM", description = "Its id.")
    private String fileSystem = "";

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      String answer = endpoint.call("elasticfilesystem", "GET", path(fileSystem), "");
      Objects.requireNonNull(spec).commandLine().getOut().println(answer);
      return ExitCode.OK;
    }
  }

  /** {@code tidefs lifecycle put}. */
  @Command(
      name = "put",
      description = {
        "Replaces a lifecycle configuration. The file has the form of the API"
            + " ({\"LifecyclePolicies\": [{\"TransitionToIA\": \"AFTER_30_DAYS\"}]}) or that of"
            + " rules with days ({\"rules\": [{\"transitions\": [{\"days\": 30,"
            + " \"storageClass\": \"IA\"}]}]}).",
      },
      footer = {"", "Example:  tidefs lifecycle put fs-0123456789abcdef0 --file cold.json"})
  static final class Put implements Callable<Integer> {
    @Mixin private final Endpoint endpoint = new Endpoint();

    @Parameters(paramLabel = "FILE-SYSTEM", description = "Its id.")
    private String fileSystem = "";

    @Option(names = "--file", required = true, description = "A file with the configuration.")
    private @Nullable Path file;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
      Path from = Objects.requireNonNull(file);
      String text;
      try {
        text = Files.readString(from);
      } catch (IOException e) {
        throw new CommandException(ExitCode.USAGE, "cannot read " + from + ": " + e, e);
      }
      String body;
      try {
        body = LifecycleDocument.translate(text);
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.USAGE, from + " " + e.getMessage(), e);
      }
      String answer = endpoint.call("elasticfilesystem", "PUT", path(fileSystem), body);
      Objects.requireNonNull(spec).commandLine().getOut().println(answer);
      return ExitCode.OK;
    }
  }
}
