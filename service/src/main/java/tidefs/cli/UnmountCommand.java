package tidefs.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidefs unmount}. */
@Command(
    name = "unmount",
    aliases = "umount",
    description = "Unmounts what 'tidefs mount' has mounted.",
    footer = {"", "Example:  sudo tidefs unmount /mnt/data"})
final class UnmountCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Where it is mounted.")
  private Path directory = Path.of("");

  @Option(
      names = "--lazy",
      description = "Takes it away now, though programs still use it; they keep what they have.")
  private boolean lazy;

  @Spec private @Nullable CommandSpec spec;

  private final Host host;

  UnmountCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    Path target = directory.toAbsolutePath();
    if (!host.isRoot()) {
      throw failed("only root may unmount. Try: sudo tidefs unmount " + target);
    }
    Host.Mount mount =
        host.mountedOn(target)
            .filter(it -> it.type().startsWith("nfs"))
            .orElseThrow(() -> failed("no file system of TideFS is mounted on " + target + "."));
    List<String> command = new ArrayList<>(List.of("umount"));
    if (lazy) {
      command.add("-l");
    }
    command.add(target.toString());
    Host.Result result = host.run(command);
    if (result.status() != 0) {
      throw failed(
          result.output().contains("busy")
              ? target
                  + " is busy: programs use it ('fuser -vm "
                  + target
                  + "' lists them). End"
                  + " them, or try --lazy."
              : "it could not be unmounted: " + result.output().strip());
    }
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .println(mount.source() + " is no longer mounted on " + target + ".");
    return ExitCode.OK; // A forwarder of the mount sees that it is gone, and ends.
  }

  private static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message);
  }
}
