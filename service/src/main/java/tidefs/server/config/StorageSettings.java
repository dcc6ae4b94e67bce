package tidefs.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where contents in the cold storage classes go, and how fast.
 *
 * @param standard places of Standard, the nearest first; none for the data directory alone
 * @param infrequentAccess places of Infrequent Access; none for a folder in the data directory
 * @param archive places of Archive; likewise
 * @param moveMibps how much is moved and checked in a second at most, all file systems together
 * @param coldCacheBytes chunks of cold places that are kept in memory
 */
public record StorageSettings(
    List<StandardPlace> standard,
    List<Place> infrequentAccess,
    List<Place> archive,
    int moveMibps,
    long coldCacheBytes) {
  /**
   * A place of Standard.
   *
   * @param zone the Availability Zone that it is in; empty if that does not matter
   * @param folder a folder that is there; empty for the data directory
   */
  public record StandardPlace(Optional<String> zone, Optional<Path> folder) {}

  /**
   * A place.
   *
   * @param zone the Availability Zone that it is in; empty if that does not matter
   */
  public record Place(Optional<String> zone, Kind kind) {}

  /** What a place is. */
  public sealed interface Kind {}

  /** A folder, on another disk for example. */
  public record Folder(Path path) implements Kind {}

  /** A bucket of an S3-compatible store; the file holds the secret key. */
  public record S3(
      URI endpoint,
      String region,
      String bucket,
      String prefix,
      String accessKeyId,
      Path secretKeyFile)
      implements Kind {}

  static StorageSettings read(Section in) {
    StorageSettings settings =
        new StorageSettings(
            standard(in),
            places(in, "infrequent-access"),
            places(in, "archive"),
            in.integer("move-mibps", 64, 1, 1 << 20),
            (long) in.integer("cold-cache-mib", 64, 8, 1 << 20) << 20);
    in.end();
    return settings;
  }

  private static List<StandardPlace> standard(Section in) {
    List<StandardPlace> places = new ArrayList<>();
    for (Section each : in.sections("standard").orElse(List.of())) {
      String zone = each.value("zone", "", text -> text);
      String folder = each.value("directory", "", text -> text);
      each.end();
      places.add(
          new StandardPlace(
              Optional.of(zone).filter(text -> !text.isEmpty()),
              Optional.of(folder).filter(text -> !text.isEmpty()).map(Path::of)));
    }
    return List.copyOf(places);
  }

  private static List<Place> places(Section in, String key) {
    List<Place> places = new ArrayList<>();
    for (Section each : in.sections(key).orElse(List.of())) {
      String zone = each.value("zone", "", text -> text);
      String folder = each.value("directory", "", text -> text);
      Kind kind = folder.isEmpty() ? bucket(each) : new Folder(Path.of(folder));
      each.end();
      places.add(new Place(zone.isEmpty() ? Optional.empty() : Optional.of(zone), kind));
    }
    return List.copyOf(places);
  }

  private static S3 bucket(Section in) {
    return new S3(
        in.required("endpoint", StorageSettings::endpoint),
        in.value("region", "us-east-1", text -> text),
        in.required("bucket", text -> text),
        in.value("prefix", "", text -> text.isEmpty() || text.endsWith("/") ? text : text + "/"),
        in.required("access-key-id", text -> text),
        in.required("secret-key-file", Path::of));
  }

  private static URI endpoint(String text) {
    if (!text.matches("https?://[^/]+")) {
      throw new IllegalArgumentException("is a URL without a path, such as https://s3.example.com");
    }
    return URI.create(text);
  }
}
