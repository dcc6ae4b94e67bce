package tidefs.server;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Chance;
import tidefs.base.Clock;
import tidefs.control.Control;
import tidefs.control.DataPlane;
import tidefs.control.MeteredSize;
import tidefs.fs.FileSystem;
import tidefs.fs.FileSystemConfig;
import tidefs.fs.Usage;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.nfs4.state.NfsConfig;
import tidefs.nfs4.state.Volume;
import tidefs.server.config.MemorySettings;
import tidefs.server.keys.FileSystemKeys;
import tidefs.server.keys.KeyUnusable;
import tidefs.store.ChunkStore;
import tidefs.store.MetadataStore;
import tidefs.store.RecordCipher;
import tidefs.store.StoreFault;
import tidefs.store.crypt.DataKeys;
import tidefs.store.crypt.EncryptedChunkStore;
import tidefs.store.crypt.SealedRecords;
import tidefs.store.local.LocalStorage;
import tidefs.store.local.MirroredChunkStore;

/**
 * The file systems that are open. Each has stores of its own and is opened when it is first needed;
 * one that cannot be opened, because it is damaged, hurts nobody else.
 */
final class Volumes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Volumes.class);

  private final Setup setup;

  /** What is open, or is being opened; without a result what is being closed. */
  private final ConcurrentMap<String, CompletableFuture<Optional<Open>>> opened =
      new ConcurrentHashMap<>();

  Volumes(Setup setup) {
    this.setup = setup;
  }

  /** What file systems are made of. */
  record Setup(
      LocalStorage storage,
      FileSystemKeys keys,
      StandardPlaces standard,
      ColdPlaces places,
      MemorySettings memory,
      NfsConfig nfs,
      Background background,
      Clock clock,
      Chance chance,
      Watcher watcher) {}

  /** Told when file systems are opened and closed. */
  interface Watcher {
    /** A file system is open, and not served yet. */
    void opened(Volume volume);

    /** A file system is about to be closed. */
    void closed(String id);
  }

  /** An open file system with what it stands on. */
  private record Open(
      MetadataStore metadata,
      ChunkStore chunks,
      Optional<MirroredChunkStore> mirror,
      Map<StorageClass, ChunkStore> places,
      Volume volume) {
    /** Closes what is above before what is below, all of it whatever fails. */
    void close() {
      try (metadata;
          chunks) {
        volume.fileSystem().close();
      } finally {
        places.values().forEach(ChunkStore::close);
      }
    }
  }

  /** The file system, made if it is not there, opened if it is not. Takes its time. */
  Volume create(String id) {
    return open(id, Volumes::format);
  }

  private static void format(FileSystemConfig config) {
    if (!FileSystem.isFormatted(config.store())) {
      FileSystem.format(config);
    }
  }

  /**
   * The file system, opened if it is not. Takes its time.
   *
   * @throws StoreFault if there is none
   */
  Volume open(String id) {
    if (!setup.storage.holds(id)) {
      throw new StoreFault("there is no file system in its folder");
    }
    return open(id, _ -> {});
  }

  private Volume open(String id, Consumer<FileSystemConfig> prepare) {
    while (true) {
      CompletableFuture<Optional<Open>> mine = new CompletableFuture<>();
      CompletableFuture<Optional<Open>> first = opened.putIfAbsent(id, mine);
      if (first == null) {
        return open(id, prepare, mine);
      }
      Optional<Open> open = await(first);
      if (open.isPresent()) {
        return open.get().volume();
      } // It has been closed meanwhile.
    }
  }

  private Volume open(
      String id, Consumer<FileSystemConfig> prepare, CompletableFuture<Optional<Open>> mine) {
    try {
      Open open = openStores(id, prepare);
      setup.watcher.opened(open.volume());
      mine.complete(Optional.of(open));
      log.atInfo().addKeyValue("fileSystem", id).log("File system opened");
      return open.volume();
    } catch (RuntimeException e) {
      opened.remove(id, mine);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  /** The file system, if it is open. */
  Optional<Volume> opened(String id) {
    return Optional.ofNullable(opened.get(id)).flatMap(Volumes::volume);
  }

  /** All that are open. */
  List<Volume> all() {
    List<Volume> all = new ArrayList<>();
    opened.values().forEach(each -> volume(each).ifPresent(all::add));
    return all;
  }

  /** The mirrors of those that are open and have their contents in several places. */
  Map<String, MirroredChunkStore> mirrors() {
    Map<String, MirroredChunkStore> mirrors = new TreeMap<>();
    opened.forEach((id, open) -> {
      if (open.state() == CompletableFuture.State.SUCCESS) {
        open.resultNow().flatMap(Open::mirror).ifPresent(mirror -> mirrors.put(id, mirror));
      }
    });
    return mirrors;
  }

  /** Closes a file system, if it is open. What still uses it meets a fault. */
  void close(String id) {
    close(id, () -> {});
  }

  /** Closes a file system, too, and runs {@code then} before anyone can open it again. */
  void close(String id, Runnable then) {
    CompletableFuture<Optional<Open>> closing = new CompletableFuture<>();
    Optional<Open> open = take(id, closing);
    try {
      if (open.isPresent()) {
        setup.watcher.closed(id);
        open.get().close();
        log.atInfo().addKeyValue("fileSystem", id).log("File system closed");
      }
    } finally {
      try {
        then.run();
      } finally {
        opened.remove(id, closing);
        closing.complete(Optional.empty());
      }
    }
  }

  /** Takes the place of what is open, or of nothing, once nobody opens or closes it. */
  private Optional<Open> take(String id, CompletableFuture<Optional<Open>> closing) {
    while (true) {
      CompletableFuture<Optional<Open>> there = opened.putIfAbsent(id, closing);
      if (there == null) {
        return Optional.empty();
      }
      Optional<Open> open = there.exceptionally(_ -> Optional.empty()).join();
      if (open.isPresent() && opened.replace(id, there, closing)) {
        return open;
      }
    }
  }

  /** What a file system holds now, if it is open. */
  Optional<MeteredSize> size(String id) {
    Instant now = setup.clock.now();
    return opened(id).map(volume -> meteredSize(volume.fileSystem().usage(), now));
  }

  /** Usage as calls are told it. */
  static MeteredSize meteredSize(Usage usage, Instant now) {
    return new MeteredSize(
        usage.standardBytes(),
        usage.infrequentAccess().meteredBytes(),
        usage.archive().meteredBytes(),
        now);
  }

  /** What all that are open hold now. */
  Map<String, MeteredSize> sizes() {
    Map<String, MeteredSize> sizes = new HashMap<>();
    opened.keySet().forEach(id -> size(id).ifPresent(size -> sizes.put(id, size)));
    return sizes;
  }

  /** Who knows the zones of One Zone file systems. To be set before any is opened. */
  void zonesBy(Control control) {
    setup.standard.zonesBy(control);
    setup.places.zonesBy(control);
  }

  /** Does what is due: leases and grace periods end, old writes go to the disk. Every second. */
  void sweep() {
    for (Volume volume : all()) {
      volume.sweep();
      volume.fileSystem().maintain();
    }
  }

  @Override
  public void close() {
    for (String id : List.copyOf(opened.keySet())) {
      try {
        close(id);
      } catch (StoreFault e) {
        log.atError().addKeyValue("fileSystem", id).setCause(e).log("Closing failed");
      }
    }
  }

  private Open openStores(String id, Consumer<FileSystemConfig> prepare) {
    Optional<DataKeys> key = setup.keys.of(id);
    MetadataStore metadata = setup.storage.metadata(id, records(key, setup.chance));
    ChunkStore chunks;
    Optional<MirroredChunkStore> mirror;
    try {
      ChunkStore stored = setup.standard.open(id);
      mirror = stored instanceof MirroredChunkStore it ? Optional.of(it) : Optional.empty();
      chunks = key.<ChunkStore>map(it -> new EncryptedChunkStore(stored, it)).orElse(stored);
    } catch (RuntimeException e) {
      metadata.close();
      throw e;
    }
    try {
      Map<StorageClass, ChunkStore> places = setup.places.of(id, records(key, setup.chance));
      FileSystemConfig config = config(metadata, chunks).withColdPlaces(places);
      prepare.accept(config);
      FileSystem fileSystem = FileSystem.open(config);
      Volume volume =
          Volume.open(id, fileSystem, setup.nfs, setup.clock, setup.chance, setup.background::run);
      return new Open(metadata, chunks, mirror, places, volume);
    } catch (RuntimeException e) {
      try (metadata;
          chunks) {
        throw e;
      }
    }
  }

  /** What seals the records of a file system with this key. */
  static RecordCipher records(Optional<DataKeys> key, Chance chance) {
    return key.<RecordCipher>map(it -> new SealedRecords(it, chance, FileSystem::clearKeyBytes))
        .orElse(RecordCipher.NONE);
  }

  /** Closes files whose keys may not be used any more, and opens those whose keys may again. */
  void checkKeys() {
    for (Volume volume : all()) {
      FileSystemKeys.Standing standing = setup.keys.standing(volume.id());
      boolean usable = standing == FileSystemKeys.Standing.USABLE;
      if (usable != volume.isReadable() && standing != FileSystemKeys.Standing.UNKNOWN) {
        volume.readable(usable);
        log.atWarn()
            .addKeyValue("fileSystem", volume.id())
            .log(usable ? "Readable again: its key may be used" : "Not readable without its key");
      }
    }
  }

  private FileSystemConfig config(MetadataStore metadata, ChunkStore chunks) {
    FileSystemConfig usual =
        FileSystemConfig.of(metadata, chunks, setup.clock, setup.chance, setup.background::run);
    return new FileSystemConfig(
        metadata,
        chunks,
        setup.clock,
        setup.chance,
        setup.background::run,
        setup.memory.inodeCacheBytes(),
        setup.memory.nameCacheEntries(),
        usual.dirtyInodes(),
        usual.flushNanos());
  }

  private static Optional<Volume> volume(CompletableFuture<Optional<Open>> open) {
    return open.state() == CompletableFuture.State.SUCCESS
        ? open.resultNow().map(Open::volume)
        : Optional.empty();
  }

  private static Optional<Open> await(CompletableFuture<Optional<Open>> open) {
    try {
      return open.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof KeyUnusable unusable) {
        throw unusable;
      }
      throw new DataPlane.Fault("the file system could not be opened", e);
    }
  }
}
