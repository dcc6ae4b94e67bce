package tidefs.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidefs lifecycle move}: all files go to a class at once. */
@Command(
    name = "move",
    description = {
      "Has all files of a file system moved to a storage class, in the background, whatever its"
          + " lifecycle configuration says; that may move them again afterwards. Files that are"
          + " written to meanwhile stay where they are.",
    },
    footer = {"", "Example:  tidefs lifecycle move fs-0123456789abcdef0 --to standard"})
final class LifecycleMoveCommand implements Callable<Integer> {
  private static final Map<String, String> CLASSES =
      Map.of(
          "STANDARD", "STANDARD",
          "IA", "INFREQUENT_ACCESS",
          "INFREQUENT_ACCESS", "INFREQUENT_ACCESS",
          "ARCHIVE", "ARCHIVE");

  @Mixin private final Endpoint endpoint = new Endpoint();

  @Parameters(paramLabel = "FILE-SYSTEM", description = "Its id.")
  private String fileSystem = "";

  @Option(names = "--to", required = true, description = "standard, ia or archive.")
  private String to = "";

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    String target = CLASSES.get(to.toUpperCase(Locale.ROOT).replace('-', '_'));
    if (target == null) {
      throw new CommandException(ExitCode.USAGE, "--to is standard, ia or archive");
    }
    String path = LifecycleStatusCommand.PATH + fileSystem + "/move/" + target;
    String _ = endpoint.call(LifecycleStatusCommand.SERVICE, "POST", path, "");
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .println("moving; 'tidefs lifecycle status " + fileSystem + "' tells how far it is");
    return ExitCode.OK;
  }
}
