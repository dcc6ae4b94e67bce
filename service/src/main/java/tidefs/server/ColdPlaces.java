package tidefs.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.base.Clock;
import tidefs.control.ApiRefusal;
import tidefs.control.AvailabilityZone;
import tidefs.control.Control;
import tidefs.fs.lifecycle.StorageClass;
import tidefs.server.config.StorageSettings;
import tidefs.store.ChunkStore;
import tidefs.store.MirroredPlace;
import tidefs.store.ObjectCache;
import tidefs.store.ObjectChunkStore;
import tidefs.store.ObjectPlace;
import tidefs.store.RecordCipher;
import tidefs.store.StoreFault;
import tidefs.store.local.DirectoryPlace;
import tidefs.store.s3.Bucket;
import tidefs.store.s3.BucketPlace;

/**
 * The places of the cold storage classes, as the configuration names them: for each file system and
 * class a part of its own. A One Zone file system uses the places of its Availability Zone alone,
 * if there are any; a Regional one all of them.
 */
final class ColdPlaces implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ColdPlaces.class);
  private static final int THREADS = 16;

  private final Path data;
  private final StorageSettings settings;
  private final Clock clock;
  private final ObjectCache cache;
  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().daemon().name("cold-", 1).factory());
  private final ConcurrentLinkedQueue<MirroredPlace> mirrors = new ConcurrentLinkedQueue<>();
  private volatile Function<String, Optional<String>> zones = _ -> Optional.empty();

  ColdPlaces(Path data, StorageSettings settings, Clock clock) {
    this.data = data;
    this.settings = settings;
    this.clock = clock;
    cache = new ObjectCache(settings.coldCacheBytes());
  }

  /** Who knows the zone of a One Zone file system. */
  void zonesBy(Control control) {
    zones =
        id -> {
          try {
            return control
                .fileSystems()
                .describe(id)
                .fileSystem()
                .kind()
                .zone()
                .map(AvailabilityZone::name);
          } catch (ApiRefusal e) {
            return Optional.empty(); // It is being deleted.
          }
        };
  }

  /** The places of a file system, whose chunks {@code cipher} seals. */
  Map<StorageClass, ChunkStore> of(String fileSystem, RecordCipher cipher) {
    Map<StorageClass, ChunkStore> places = new EnumMap<>(StorageClass.class);
    for (StorageClass each : List.of(StorageClass.INFREQUENT_ACCESS, StorageClass.ARCHIVE)) {
      places.put(
          each, new ObjectChunkStore(() -> place(fileSystem, each), cipher, cache, executor));
    }
    return places;
  }

  /** Makes up for what mirrored places have missed. */
  void repair() {
    mirrors.forEach(MirroredPlace::repair);
  }

  private ObjectPlace place(String fileSystem, StorageClass storageClass) {
    List<StorageSettings.Place> all =
        storageClass == StorageClass.ARCHIVE ? settings.archive() : settings.infrequentAccess();
    if (all.isEmpty()) {
      return DirectoryPlace.at(
          data.resolve(fileSystem).resolve("cold").resolve(folder(storageClass)));
    }
    Optional<String> zone = zones.apply(fileSystem);
    List<StorageSettings.Place> near =
        all.stream().filter(each -> zone.isPresent() && each.zone().equals(zone)).toList();
    List<ObjectPlace> used =
        (near.isEmpty() ? all : near)
            .stream().map(each -> open(each.kind(), fileSystem, storageClass)).toList();
    if (used.size() == 1) {
      return used.getFirst();
    }
    MirroredPlace mirrored = new MirroredPlace(used);
    mirrors.add(mirrored);
    return mirrored;
  }

  private ObjectPlace open(
      StorageSettings.Kind kind, String fileSystem, StorageClass storageClass) {
    return switch (kind) {
      case StorageSettings.Folder(Path path) ->
          DirectoryPlace.at(path.resolve(fileSystem).resolve(folder(storageClass)));
      case StorageSettings.S3 s3 ->
          new BucketPlace(
              new Bucket(
                      s3.endpoint(),
                      s3.region(),
                      s3.bucket(),
                      s3.prefix(),
                      s3.accessKeyId(),
                      secret(s3.secretKeyFile()))
                  .below(fileSystem)
                  .below(folder(storageClass)),
              clock);
    };
  }

  private static String folder(StorageClass storageClass) {
    return storageClass == StorageClass.ARCHIVE ? "archive" : "infrequent-access";
  }

  private static String secret(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      log.atError().addKeyValue("file", file).log("The secret key of a bucket cannot be read");
      throw new StoreFault("the secret key of a bucket cannot be read", e);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
