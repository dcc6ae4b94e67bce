package tidefs.server.copies;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tidefs.backup.Backup;
import tidefs.backup.BackupException;
import tidefs.backup.ServerBackup;
import tidefs.backup.ServerBackups;
import tidefs.base.Clock;
import tidefs.control.Control;
import tidefs.control.FileSystem;
import tidefs.server.keys.KeyUnusable;

/**
 * One backup of the server. Its resources are those of an instant; the backups of its file systems
 * are made after that. If one of them is deleted meanwhile, a later instant is taken.
 */
final class ServerBackupRun {
  private static final Logger log = LoggerFactory.getLogger(ServerBackupRun.class);
  private static final int INSTANTS = 20;

  private final Control control;
  private final ServerState server;
  private final Clock clock;
  private final Map<String, String> made = new TreeMap<>();
  private final Set<String> left = new TreeSet<>();

  ServerBackupRun(Control control, ServerState server, Clock clock) {
    this.control = control;
    this.server = server;
    this.clock = clock;
  }

  /** Makes the backup of a file system. */
  interface Maker {
    Backup make(FileSystem of) throws BackupException;
  }

  ServerBackup make(Maker maker, ServerBackups to) throws BackupException {
    for (int i = 0; i < INSTANTS; i++) {
      java.time.Instant time = clock.now();
      try (ServerState.Instant instant = server.now()) {
        List<String> wanted = instant.fileSystems();
        if (areSaved(wanted, maker)) {
          made.keySet().retainAll(wanted);
          left.retainAll(wanted);
          ServerBackup whole = to.create(time, made, left, instant::write);
          log.atInfo().addKeyValue("backup", whole.id()).log("Backup of the server made");
          return whole;
        }
      }
    }
    throw new BackupException("file systems come and go too fast for a backup of the server");
  }

  /** Sees to backups of all; whether none of them has gone meanwhile. */
  private boolean areSaved(Collection<String> wanted, Maker maker) throws BackupException {
    for (String each : wanted) {
      if (!made.containsKey(each) && !left.contains(each) && !isSaved(each, maker)) {
        return false;
      }
    }
    return true;
  }

  private boolean isSaved(String id, Maker maker) throws BackupException {
    List<FileSystem> found = control.fileSystems().existing(List.of(id));
    if (found.isEmpty()) {
      return false;
    }
    try {
      made.put(id, maker.make(found.getFirst()).id());
      return true;
    } catch (KeyUnusable e) {
      log.atError()
          .addKeyValue("fileSystem", id)
          .addKeyValue("reason", e.getMessage())
          .log("Not in the backup of the server: its key cannot be used");
      left.add(id);
      return true;
    } catch (BackupException | RuntimeException e) {
      if (control.fileSystems().existing(List.of(id)).isEmpty()) {
        return false;
      }
      throw e;
    }
  }
}
