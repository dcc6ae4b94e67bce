package tidefs.backup;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A complete backup of a server, as its label tells.
 *
 * @param id its name in the folder
 * @param time of which instant its resources are
 * @param backups the backup of each file system, by the file system's id
 * @param left file systems whose contents it lacks, because their keys could not be used
 */
public record ServerBackup(String id, Instant time, Map<String, String> backups, Set<String> left) {
  private static final String TIME = "time: ";
  private static final String HOLDS = "holds ";
  private static final String LACKS = "lacks ";

  /** Copies map and set. */
  public ServerBackup {
    backups = Map.copyOf(backups);
    left = Set.copyOf(left);
  }

  String label() {
    StringBuilder text = new StringBuilder();
    text.append(TIME).append(time).append('\n');
    new TreeMap<>(backups)
        .forEach((fileSystem, backup) ->
            text.append(HOLDS).append(fileSystem).append(": ").append(backup).append('\n'));
    new TreeSet<>(left).forEach(each -> text.append(LACKS).append(each).append('\n'));
    return text.toString();
  }

  static ServerBackup read(String id, String label) {
    Instant time = Instant.EPOCH;
    Map<String, String> backups = new TreeMap<>();
    Set<String> left = new TreeSet<>();
    for (String line : label.lines().toList()) {
      if (line.startsWith(TIME)) {
        time = Instant.parse(line.substring(TIME.length()));
      } else if (line.startsWith(LACKS)) {
        left.add(line.substring(LACKS.length()));
      } else if (line.startsWith(HOLDS)) {
        int colon = line.indexOf(": ");
        backups.put(line.substring(HOLDS.length(), colon), line.substring(colon + 2));
      }
    }
    return new ServerBackup(id, time, backups, left);
  }
}
