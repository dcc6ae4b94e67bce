package tidefs.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tidefs events}: who has connected, and with what rights. */
@Command(
    name = "events",
    description = "Prints the events of NFS clients as lines of JSON, as CloudTrail has them.",
    footer = {"", "Example:  tidefs events"})
final class EventsCommand implements Callable<Integer> {
  @Mixin private final Endpoint endpoint = new Endpoint();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .print(endpoint.postJson("cloudtrail", "TideFS.ListEvents", "{}"));
    return ExitCode.OK;
  }
}
