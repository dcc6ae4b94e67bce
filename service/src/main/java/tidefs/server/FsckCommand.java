package tidefs.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.cli.OnlineCheck;
import tidefs.fs.Fsck;
import tidefs.fs.Usage;
import tidefs.server.config.Configuration;
import tidefs.server.config.Options;
import tidefs.server.keys.FileSystemKeys;
import tidefs.server.keys.KeySources;
import tidefs.server.keys.KeyUnusable;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.RecordCipher;
import tidefs.store.StoreFault;
import tidefs.store.StoreResources;
import tidefs.store.local.LocalStorage;
import tidefs.store.local.MirroredChunkStore;

/** {@code tidefs fsck}: looks at every record of a data directory that no server uses. */
@Command(
    name = "fsck",
    description = {
      "Checks a data directory while no server uses it: checksums, and every name, link, size and"
          + " count against all others, and the chunks of files. Mends nothing unless asked to.",
      "With --online a running server checks one of its file systems, as it is at one instant,"
          + " while clients go on.",
    },
    customSynopsis = {
      "tidefs fsck [--config FILE] [--repair] DATA [FS]",
      "tidefs fsck --online [--endpoint-url URL] [--region REGION] FS",
    },
    footer = {
      "",
      "Example:  tidefs fsck /var/lib/tidefs",
      "          tidefs fsck --online fs-0123456789abcdef0",
      "",
      "Exit status:  0 clean; 1 damaged, or not checked; 2 no data directory, or one in use.",
    })
public final class FsckCommand implements Callable<Integer> {
  private static final long MEMORY_BYTES = 128L << 20;
  private static final int PRINTED_PROBLEMS = 1_000;

  @Parameters(
      index = "0",
      paramLabel = "DATA",
      description = "The data directory; with --online the id of the file system.")
  private Path data = Path.of("data");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FS",
      description = "Id of the one file system to check (default: all).")
  private @Nullable String only;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's configuration, which says where the keys are of encrypted ones.")
  private @Nullable Path config;

  @Option(
      names = "--repair",
      description =
          "Puts right what can be: counts, marks, names that lead to nothing. What has lost its"
              + " name gets one in /lost+found. Make a copy of DATA first.")
  private boolean repair;

  @Option(
      names = "--online",
      description =
          "Has the running server check the file system. Takes up to a quarter of its heap.")
  private boolean online;

  @Mixin private final OnlineCheck onlineCheck = new OnlineCheck();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    return online ? checkOnline() : checkAtRest();
  }

  private int checkOnline() {
    if (repair || only != null || config != null) {
      throw new CommandException(
          ExitCode.USAGE,
          "--online takes the id of one file system, and neither --repair nor --config");
    }
    return onlineCheck.run(data.toString(), Objects.requireNonNull(spec).commandLine().getOut());
  }

  private int checkAtRest() {
    String who = "'tidefs fsck' with process id " + ProcessHandle.current().pid();
    try (DataDirectory directory = DataDirectory.openExisting(data, who);
        StoreResources resources = new StoreResources(MEMORY_BYTES);
        LocalStorage storage =
            LocalStorage.open(
                directory.path(), resources, Clock.system(), Chance.system(), MEMORY_BYTES)) {
      FileSystemKeys keys = keys(directory);
      List<String> ids = chosen(directory);
      boolean clean = only != null || checkSystem(storage);
      for (String id : ids) {
        clean &= checkFileSystem(storage, keys, id);
      }
      say(clean ? "clean" : "DAMAGED, or not checked");
      return clean ? ExitCode.OK : ExitCode.FAILED;
    } catch (StoreFault e) {
      throw new CommandException(
          ExitCode.FAILED, "the data directory " + data + " is damaged: " + e.getMessage(), e);
    }
  }

  private List<String> chosen(DataDirectory directory) {
    Optional<String> wanted = Optional.ofNullable(only);
    if (wanted.isPresent() && !directory.holds(wanted.get())) {
      throw new CommandException(
          ExitCode.USAGE,
          "there is no file system "
              + wanted.get()
              + " in "
              + data
              + "; it holds "
              + String.join(", ", directory.fileSystems()));
    }
    return wanted.map(List::of).orElseGet(directory::fileSystems);
  }

  private boolean checkSystem(LocalStorage storage) {
    try (MetadataStore store = storage.metadata(DataDirectory.SYSTEM)) {
      store.verify();
      say("resources of the API: clean");
      return true;
    } catch (StoreFault e) {
      say("resources of the API: " + e.getMessage());
      return false;
    }
  }

  private FileSystemKeys keys(DataDirectory directory) {
    Configuration configuration =
        Configuration.load(
            Optional.ofNullable(config),
            new Options(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false));
    return KeySources.open(
            configuration.encryption(), directory.path(), Clock.system(), Chance.system())
        .fileSystems();
  }

  private boolean checkFileSystem(LocalStorage storage, FileSystemKeys keys, String id) {
    Problems problems = new Problems(id);
    RecordCipher cipher;
    try {
      cipher = Volumes.records(keys.of(id), Chance.system());
    } catch (KeyUnusable e) {
      say(id + ": NOT CHECKED: " + e.getMessage());
      return false;
    }
    try (MetadataStore store = storage.metadata(id, cipher)) {
      store.verify();
      if (repair) {
        Fsck.repair(store, problem -> say(id + ": mended, if it can be: " + problem));
      }
      Fsck.Report report = check(storage, store, id, problems);
      if (problems.count == 0) {
        Usage usage = report.usage();
        say(id + ": clean, " + usage.inodes() + " inodes, " + usage.meteredBytes() + " bytes");
      }
      if (report.strayChunks() > 0) {
        say(
            "%s: %d chunks, %d bytes, that no file refers to: a crash cut their writes short"
                .formatted(id, report.strayChunks(), report.strayBytes()));
      }
    } catch (StoreFault e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return problems.count == 0;
  }

  private Fsck.Report check(
      LocalStorage storage, MetadataStore store, String id, Problems problems) {
    try (ChunkStore chunks = storage.chunks(id)) {
      if (chunks instanceof MirroredChunkStore mirror) {
        mirror
            .status()
            .forEach(each -> say(id + ": place " + each.place() + ": " + each.standing()));
      }
      return Fsck.check(store, chunks, problems::add);
    }
  }

  private void say(String line) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(line);
  }

  /** Prints what is wrong with a file system, up to a limit, and counts it. */
  private final class Problems {
    private final String id;
    private int count;

    Problems(String id) {
      this.id = id;
    }

    void add(String problem) {
      count++;
      if (count <= PRINTED_PROBLEMS) {
        say(id + ": " + problem);
      } else if (count == PRINTED_PROBLEMS + 1) {
        say(id + ": more problems, which are not printed");
      }
    }
  }
}
