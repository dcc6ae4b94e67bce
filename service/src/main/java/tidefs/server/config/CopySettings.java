package tidefs.server.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tidefs.server.copies.Endpoint;

/**
 * Copies of file systems: replication and backups.
 *
 * @param pause between two rounds of a replication
 * @param regions where other Regions are
 * @param backups the folder of backups; {@value #OFF} for none
 * @param every how far apart automatic backups are
 * @param keep how long automatic backups are kept
 */
public record CopySettings(
    Duration pause, List<Region> regions, String backups, Duration every, Duration keep) {
  static final String OFF = "off";

  /** Where another Region is, and the file with the secret of the key that is used there. */
  public record Region(String name, URI url, String keyId, String secretFile) {}

  static CopySettings read(Section replication, Section backup) {
    List<Region> regions = new ArrayList<>();
    for (Section each : replication.sections("regions").orElse(List.of())) {
      regions.add(
          new Region(
              each.required("name", text -> text),
              each.required("url", CopySettings::url),
              each.required("key-id", text -> text),
              each.required("secret-file", text -> text)));
      each.end();
    }
    CopySettings settings =
        new CopySettings(
            Duration.ofSeconds(replication.integer("interval-seconds", 5, 1, 3_600)),
            List.copyOf(regions),
            backup.value("folder", OFF, text -> text),
            Duration.ofMinutes(backup.integer("interval-minutes", 1_440, 1, 1_000_000)),
            Duration.ofDays(backup.integer("keep-days", 35, 1, 36_500)));
    replication.end();
    backup.end();
    return settings;
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new IllegalArgumentException("is the URL of an API, such as https://efs.example.org");
    }
    return url;
  }

  /** The folder of backups, if there is one. */
  public Optional<Path> backupFolder() {
    return backups.equals(OFF) ? Optional.empty() : Optional.of(Path.of(backups));
  }

  /** The endpoints, with their secrets. */
  public List<Endpoint> endpoints() {
    return regions.stream()
        .map(it -> new Endpoint(it.name(), it.url(), it.keyId(), secret(it.secretFile())))
        .toList();
  }

  private static String secret(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new ConfigurationException(
          "replication.regions[].secret-file: " + file + " cannot be read");
    }
  }
}
