package tidefs.backup;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A complete backup, as its label tells.
 *
 * @param id its name in the folder
 * @param fileSystemId what was backed up
 * @param time of which instant it is
 * @param automatic whether a schedule made it, and may remove it
 * @param inodes how many inodes it holds
 * @param bytes how many bytes of contents it holds
 * @param newBytes how many of these its own packs hold
 * @param restless files that changed all the time while they were copied
 * @param about what else is to be kept: how the file system was configured
 */
public record Backup(
    String id,
    String fileSystemId,
    Instant time,
    boolean automatic,
    long inodes,
    long bytes,
    long newBytes,
    long restless,
    Map<String, String> about) {
  /** Copies the map. */
  public Backup {
    about = Map.copyOf(about);
  }

  String label() {
    StringBuilder text = new StringBuilder();
    text.append("file-system: ").append(fileSystemId).append('\n');
    text.append("time: ").append(time).append('\n');
    text.append("automatic: ").append(automatic).append('\n');
    text.append("inodes: ").append(inodes).append('\n');
    text.append("bytes: ").append(bytes).append('\n');
    text.append("new-bytes: ").append(newBytes).append('\n');
    text.append("restless: ").append(restless).append('\n');
    new TreeMap<>(about)
        .forEach((key, value) ->
            text.append("about-").append(key).append(": ").append(value).append('\n'));
    return text.toString();
  }

  static Backup read(String id, String label) {
    Map<String, String> values = new TreeMap<>();
    Map<String, String> about = new TreeMap<>();
    for (String line : label.lines().toList()) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        String key = line.substring(0, colon);
        String value = line.substring(colon + 2);
        if (key.startsWith("about-")) {
          about.put(key.substring("about-".length()), value);
        } else {
          values.put(key, value);
        }
      }
    }
    return new Backup(
        id,
        values.getOrDefault("file-system", ""),
        Instant.parse(values.getOrDefault("time", "")),
        values.getOrDefault("automatic", "").equals("true"),
        Long.parseLong(values.getOrDefault("inodes", "")),
        Long.parseLong(values.getOrDefault("bytes", "")),
        Long.parseLong(values.getOrDefault("new-bytes", "")),
        Long.parseLong(values.getOrDefault("restless", "")),
        about);
  }
}
