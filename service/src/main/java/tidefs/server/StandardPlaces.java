package tidefs.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.control.ApiRefusal;
import tidefs.control.AvailabilityZone;
import tidefs.control.Control;
import tidefs.server.config.StorageSettings.StandardPlace;
import tidefs.store.ChunkStore;
import tidefs.store.local.LocalStorage;
import tidefs.store.local.MirrorSite;

/**
 * The places of Standard, as the configuration names them. A One Zone file system uses that of its
 * Availability Zone alone, or the data directory if none is named for it; a Regional one all.
 */
final class StandardPlaces {
  private final LocalStorage storage;
  private final List<StandardPlace> places;
  private volatile ZoneOf zones = _ -> Optional.of(Optional.empty());

  /** Who knows the zone of a file system. */
  private interface ZoneOf {
    /** Its zone, if it is of one; nothing at all if the file system is not known. */
    Optional<Optional<String>> of(String fileSystem);
  }

  StandardPlaces(LocalStorage storage, List<StandardPlace> places) {
    this.storage = storage;
    this.places = places;
  }

  /** Who knows the zone of a One Zone file system. To be set before any is opened. */
  void zonesBy(Control control) {
    zones =
        id -> {
          try {
            return Optional.of(
                control
                    .fileSystems()
                    .describe(id)
                    .fileSystem()
                    .kind()
                    .zone()
                    .map(AvailabilityZone::name));
          } catch (ApiRefusal e) {
            return Optional.empty(); // It is being deleted.
          }
        };
  }

  /** Opens the contents of a file system. */
  ChunkStore open(String fileSystem) {
    if (places.isEmpty()) {
      return storage.chunks(fileSystem, List.of(storage.here(fileSystem)));
    }
    Optional<Optional<String>> zone = zones.of(fileSystem);
    return zone.isEmpty()
        ? storage.chunks(fileSystem)
        : storage.chunks(fileSystem, sites(fileSystem, zone.get()));
  }

  private List<MirrorSite> sites(String fileSystem, Optional<String> zone) {
    List<MirrorSite> sites = new ArrayList<>();
    for (StandardPlace each : places) {
      if (zone.isEmpty() || each.zone().equals(zone)) {
        sites.add(
            each.folder()
                .map(folder -> MirrorSite.in(folder, fileSystem))
                .orElseGet(() -> storage.here(fileSystem)));
      }
    }
    return sites.isEmpty() ? List.of(storage.here(fileSystem)) : sites;
  }
}
