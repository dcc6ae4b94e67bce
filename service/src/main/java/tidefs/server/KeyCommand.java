package tidefs.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.fs.FileSystem;
import tidefs.server.config.Configuration;
import tidefs.server.config.EncryptionSettings;
import tidefs.server.config.Options;
import tidefs.server.keys.FileSystemKeys;
import tidefs.server.keys.KeySources;
import tidefs.store.MetadataStore;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;
import tidefs.store.local.LocalStorage;

/** {@code tidefs key}: the key store of a data directory that no server uses. */
@Command(
    name = "key",
    description = "Manages what seals the key store of a data directory that no server uses.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Example:  tidefs key reseal --config old.yaml --to new.yaml /var/lib/tidefs",
    })
public final class KeyCommand implements Runnable {
  private static final long MEMORY_BYTES = 64L << 20;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    var command = Objects.requireNonNull(spec).commandLine();
    command.usage(command.getErr());
  }

  @Command(
      name = "reseal",
      description =
          "Seals the key store with another root key: that of the configuration --to names.")
  int reseal(
      @Option(names = "--config", paramLabel = "FILE", description = "The configuration so far.")
          @Nullable Path config,
      @Option(names = "--to", paramLabel = "FILE", required = true, description = "The next one.")
          Path to,
      @Parameters(paramLabel = "DATA", description = "The data directory.") Path data) {
    String who = "'tidefs key' with process id " + ProcessHandle.current().pid();
    try (DataDirectory directory = DataDirectory.openExisting(data, who)) {
      Chance chance = Chance.system();
      KeySources.reseal(
          settings(Optional.ofNullable(config)),
          settings(Optional.of(to)),
          directory.path(),
          chance);
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println("The key store is sealed with the root key of " + to);
      return ExitCode.OK;
    } catch (StoreFault e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  @Command(
      name = "renew",
      description =
          "Gives encrypted file systems another data key, for what is written from now on. What is"
              + " there stays encrypted with the key that it has until its file is moved.")
  int renew(
      @Option(names = "--config", paramLabel = "FILE", description = "The configuration.")
          @Nullable Path config,
      @Parameters(index = "0", paramLabel = "DATA", description = "The data directory.") Path data,
      @Parameters(index = "1", paramLabel = "FS", description = "Id of the file system.")
          String fileSystem) {
    String who = "'tidefs key' with process id " + ProcessHandle.current().pid();
    Chance chance = Chance.system();
    try (DataDirectory directory = DataDirectory.openExisting(data, who);
        StoreResources resources = new StoreResources(MEMORY_BYTES);
        LocalStorage storage =
            LocalStorage.open(directory.path(), resources, Clock.system(), chance, MEMORY_BYTES)) {
      if (!directory.holds(fileSystem)) {
        throw new CommandException(
            ExitCode.USAGE, "there is no file system " + fileSystem + " in " + data);
      }
      EncryptionSettings encryption = settings(Optional.ofNullable(config));
      FileSystemKeys keys =
          KeySources.open(encryption, directory.path(), Clock.system(), chance).fileSystems();
      FileSystem.Unused unused;
      try (MetadataStore store =
          storage.metadata(fileSystem, Volumes.records(keys.of(fileSystem), chance))) {
        unused = FileSystem.unused(store);
      }
      keys.renew(fileSystem, unused);
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      out.println("What is written to " + fileSystem + " from now on has a data key of its own");
      return ExitCode.OK;
    } catch (StoreFault e) {
      throw new CommandException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    }
  }

  private static EncryptionSettings settings(Optional<Path> file) {
    return Configuration.load(file, Options.NONE).encryption();
  }
}
