package tidefs.cli;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidefs version}. */
@Command(
    name = "version",
    description = "Prints the versions of TideFS and of the Java that runs it.",
    footer = {"", "Example:  tidefs version"})
final class VersionCommand implements Callable<Integer>, IVersionProvider {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    for (String line : getVersion()) {
      Objects.requireNonNull(spec).commandLine().getOut().println(line);
    }
    return ExitCode.OK;
  }

  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new String[] {
      "TideFS " + version,
      "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
    };
  }
}
