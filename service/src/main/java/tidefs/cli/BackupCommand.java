package tidefs.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidefs backup}: backups of file systems, made and restored by a running server. */
@Command(
    name = "backup",
    description = "Makes, lists, restores, verifies and deletes backups, while the server serves.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example:  tidefs backup create fs-0123456789abcdef0",
      "          tidefs backup list",
      "          tidefs backup restore fs-0123456789abcdef0-20260131T020000.000Z",
      "",
      "The server needs a folder for backups: backup.folder in its configuration.",
    })
final class BackupCommand implements Runnable {
  @Mixin private final Endpoint endpoint = new Endpoint();
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    var command = Objects.requireNonNull(spec).commandLine();
    command.usage(command.getErr());
  }

  private int call(String operation, String member, String value) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    String quoted = value.replace("\\", "\\\\").replace("\"", "\\\"");
    String json = member.isEmpty() ? "{}" : "{\"" + member + "\":\"" + quoted + "\"}";
    out.print(endpoint.postJson("backup", "TideFSBackup." + operation, json));
    return ExitCode.OK;
  }

  @Command(name = "create", description = "Makes a backup of a file system, as it is now.")
  int create(@Parameters(paramLabel = "FS") String fileSystem) {
    return call("Create", "FileSystemId", fileSystem);
  }

  @Command(
      name = "server",
      description = "Makes a backup of the whole server: see tidefs restore --help.")
  int server() {
    return call("CreateServer", "", "");
  }

  @Command(name = "list", description = "Lists the complete backups.")
  int list() {
    return call("List", "", "");
  }

  @Command(name = "restore", description = "Restores a backup into a new file system.")
  int restore(@Parameters(paramLabel = "BACKUP") String backup) {
    return call("Restore", "BackupId", backup);
  }

  @Command(name = "verify", description = "Reads all that a backup needs, and checks it.")
  int verify(@Parameters(paramLabel = "BACKUP") String backup) {
    return call("Verify", "BackupId", backup);
  }

  @Command(name = "delete", description = "Deletes a backup; what others need of it stays.")
  int delete(@Parameters(paramLabel = "BACKUP") String backup) {
    return call("Delete", "BackupId", backup);
  }
}
