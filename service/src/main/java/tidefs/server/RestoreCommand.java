package tidefs.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tidefs.backup.BackupException;
import tidefs.backup.ServerBackup;
import tidefs.backup.ServerBackups;
import tidefs.base.Chance;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.iam.identity.Seal;
import tidefs.server.config.Configuration;
import tidefs.server.config.Options;
import tidefs.server.keys.KeyFile;
import tidefs.store.StoreFault;

/** {@code tidefs restore}: a server again, of a backup and the key that was kept apart from it. */
@Command(
    name = "restore",
    description = {
      "Makes the data directory of a server again of a backup that 'tidefs backup server' has made:"
          + " the same resources with the same ids, users and keys, and the contents of all file"
          + " systems. The directory must not exist, or be empty.",
    },
    footer = {
      "",
      "Example:  tidefs restore --config tidefs.yaml --data /var/lib/tidefs \\",
      "            --secret-key /root/kept/secret.key /mnt/backups",
    })
public final class RestoreCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's configuration, which says where the keys are of encrypted ones.")
  private @Nullable Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "The data directory to be made.")
  private Path data = Path.of("data");

  @Option(
      names = "--secret-key",
      paramLabel = "FILE",
      required = true,
      description = "The file secret.key of the lost data directory: a backup does not hold it.")
  private Path secretKey = Path.of("secret.key");

  @Parameters(index = "0", paramLabel = "BACKUPS", description = "The folder of backups.")
  private Path backups = Path.of("backups");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "BACKUP",
      description = "Id of the backup of the server (default: the latest).")
  private @Nullable String id;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (!Files.isRegularFile(secretKey)) {
      throw new CommandException(ExitCode.USAGE, "--secret-key: there is no file " + secretKey);
    }
    refuseUsed();
    Chance chance = Chance.system();
    byte[] key = KeyFile.open(secretKey, Seal.KEY_BYTES, chance);
    ServerBackups servers = new ServerBackups(backups, new Sealing(new Seal(key, chance)));
    Configuration configuration = Configuration.load(Optional.ofNullable(config), Options.NONE);
    try {
      ServerBackup backup = chosen(servers);
      say("Restoring " + backup.id());
      new ServerRestore(configuration, backups, this::say).run(servers, backup, key, data);
      return ExitCode.OK;
    } catch (BackupException | IOException | StoreFault e) {
      throw new CommandException(ExitCode.FAILED, "not restored: " + e.getMessage(), e);
    }
  }

  private ServerBackup chosen(ServerBackups servers) throws BackupException {
    if (id != null) {
      return servers.find(id);
    }
    List<ServerBackup> all = servers.list();
    if (all.isEmpty()) {
      throw new BackupException("there is no backup of a server in " + backups);
    }
    return all.getLast();
  }

  private void refuseUsed() {
    if (!Files.exists(data)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(data)) {
      if (entries.iterator().hasNext()) {
        throw new CommandException(
            ExitCode.USAGE, data + " is not empty: name another folder, or move it away");
      }
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, "cannot use the folder " + data + ": " + e, e);
    }
  }

  private void say(String line) {
    Objects.requireNonNull(spec).commandLine().getOut().println(line);
    Objects.requireNonNull(spec).commandLine().getOut().flush();
  }
}
