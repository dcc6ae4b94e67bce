package tidefs.server;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tidefs.cli.ExitCode;
import tidefs.server.config.ConfigurationText;

/** {@code tidefs config}. */
@Command(
    name = "config",
    description = "Checks the configuration and prints every key with the value in effect.",
    footer = {
      "",
      "Example:  tidefs config > tidefs.yaml",
      "          tidefs config --config tidefs.yaml",
    })
public final class ConfigCommand implements Callable<Integer> {
  @Mixin private final ServerOptions options = new ServerOptions();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .print(ConfigurationText.of(options.configuration(false)));
    return ExitCode.OK;
  }
}
