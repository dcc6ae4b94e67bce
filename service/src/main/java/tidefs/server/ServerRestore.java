package tidefs.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import tidefs.backup.BackupException;
import tidefs.backup.BackupFolder;
import tidefs.backup.SealedEntries;
import tidefs.backup.ServerBackup;
import tidefs.backup.ServerBackups;
import tidefs.base.Blocking;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.SavedResources;
import tidefs.fs.FileSystem;
import tidefs.fs.FileSystemConfig;
import tidefs.server.config.Configuration;
import tidefs.server.copies.ServerState;
import tidefs.server.keys.FileSystemKeys;
import tidefs.server.keys.KeyFile;
import tidefs.server.keys.KeySources;
import tidefs.store.Batch;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.StoreResources;
import tidefs.store.crypt.DataKeys;
import tidefs.store.crypt.EncryptedChunkStore;
import tidefs.store.local.LocalStorage;

/**
 * Makes the data directory of a server of a backup. All is done in a folder beside it, which gets
 * the name at the end: what is cut off leaves no data directory.
 */
final class ServerRestore {
  private static final int BATCH_ENTRIES = 1_000;
  private static final long MEMORY_BYTES = 128L << 20;

  private final Configuration configuration;
  private final BackupFolder backups;
  private final Consumer<String> say;
  private final Clock clock = Clock.system();
  private final Chance chance = Chance.system();

  ServerRestore(Configuration configuration, Path backups, Consumer<String> say) {
    this.configuration = configuration;
    this.backups = new BackupFolder(backups);
    this.say = say;
  }

  /** Makes {@code data}, which is not there or empty. */
  void run(ServerBackups servers, ServerBackup backup, byte[] secretKey, Path data)
      throws BackupException, IOException {
    Path whole = data.toAbsolutePath().normalize();
    Path unfinished = whole.resolveSibling(whole.getFileName() + ".restoring");
    if (Files.isDirectory(unfinished)) {
      DataDirectory.deleteTree(unfinished);
    }
    String who = "'tidefs restore' with process id " + ProcessHandle.current().pid();
    try (DataDirectory directory = DataDirectory.open(unfinished, who);
        StoreResources resources = new StoreResources(MEMORY_BYTES);
        LocalStorage storage =
            LocalStorage.open(directory.path(), resources, clock, chance, MEMORY_BYTES)) {
      KeyFile.write(directory.path().resolve(KeySources.OWN_KEY), secretKey);
      restoreState(servers, backup, directory.path(), storage);
      FileSystemKeys keys =
          KeySources.open(configuration.encryption(), directory.path(), clock, chance)
              .fileSystems();
      for (Map.Entry<String, String> each : new TreeMap<>(backup.backups()).entrySet()) {
        restoreFileSystem(storage, keys.of(each.getKey()), each.getKey(), each.getValue());
        say.accept(each.getKey() + ": restored from " + each.getValue());
      }
    }
    backup.left().forEach(id -> say.accept(id + ": NOT in the backup: its key could not be used"));
    Files.deleteIfExists(whole);
    Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent = FileChannel.open(whole.resolveSibling("."))) {
      parent.force(true);
    }
    say.accept("Whole: " + whole);
  }

  private void restoreState(
      ServerBackups servers, ServerBackup backup, Path data, LocalStorage storage)
      throws BackupException, IOException {
    try (SealedEntries.Reader entries = servers.open(backup.id());
        Filler system = new Filler(storage.metadata(DataDirectory.SYSTEM));
        Filler monitoring = new Filler(storage.metadata(DataDirectory.MONITORING))) {
      for (var each = entries.next(); each.isPresent(); each = entries.next()) {
        SealedEntries.Entry entry = each.get();
        switch (entry.kind()) {
          case ServerState.RESOURCE -> {
            Optional<byte[]> value = SavedResources.restored(entry.key(), entry.value());
            if (value.isPresent()) {
              system.put(entry.key(), value.get());
            } else {
              say.accept("A replication configuration is not restored: make it again");
            }
          }
          case ServerState.MONITORING -> monitoring.put(entry.key(), entry.value());
          case ServerState.FILE -> restoreFile(data, text(entry.key()), entry.value());
          case ServerState.CONFIGURATION ->
              KeyFile.write(data.resolve("tidefs.yaml.saved"), entry.value());
          default -> throw new BackupException("the backup was written by a newer version");
        }
      }
      system.end();
      monitoring.end();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void restoreFile(Path data, String name, byte[] bytes)
      throws BackupException, IOException {
    Path file = data.resolve(name).normalize();
    if (!file.startsWith(data) || file.equals(data)) {
      throw new BackupException("a file of the backup has an impossible name");
    }
    Files.createDirectories(file.resolveSibling("."));
    KeyFile.write(file, bytes);
  }

  private void restoreFileSystem(
      LocalStorage storage, Optional<DataKeys> key, String id, String backup)
      throws BackupException {
    try (MetadataStore metadata = storage.metadata(id, Volumes.records(key, chance));
        ChunkStore stored = storage.chunks(id)) {
      ChunkStore chunks =
          key.<ChunkStore>map(it -> new EncryptedChunkStore(stored, it)).orElse(stored);
      FileSystemConfig config = FileSystemConfig.of(metadata, chunks, clock, chance, Runnable::run);
      FileSystem.format(config);
      try (FileSystem empty = FileSystem.open(config)) {
        backups.restore(backup, empty);
      }
    }
  }

  /** Puts entries into a store. */
  private static final class Filler implements AutoCloseable {
    private final MetadataStore store;
    private Batch batch = new Batch();
    private int entries;

    Filler(MetadataStore store) {
      this.store = store;
    }

    void put(byte[] key, byte[] value) {
      batch.put(key, value);
      entries++;
      if (entries == BATCH_ENTRIES) {
        end();
      }
    }

    void end() {
      if (entries > 0) {
        store.awaitDurable(store.apply(batch, Blocking.ALLOWED));
        batch = new Batch();
        entries = 0;
      }
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
