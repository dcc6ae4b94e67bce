package tidefs.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The backups of a server beside those of its file systems: a folder each, with a {@code label} and
 * the sealed {@code entries}. One call at a time changes them; the caller sees to that.
 */
public final class ServerBackups {
  /** What the id of such a backup begins with. */
  public static final String PREFIX = "server-";

  /** Where they lie in the folder of backups. */
  static final String FOLDER = "servers";

  private static final String PART = ".part";
  private static final String LABEL = "label";
  private static final String ENTRIES = "entries";

  private final Path folder;
  private final SealedEntries.Sealer sealer;

  /** The backups in {@code backups}, the folder of {@link BackupFolder}. */
  public ServerBackups(Path backups, SealedEntries.Sealer sealer) {
    folder = backups.resolve(FOLDER);
    this.sealer = sealer;
  }

  /** Writes what a server keeps beside its file systems. */
  @FunctionalInterface
  public interface Source {
    /** Writes all of it. */
    void write(SealedEntries.Writer to) throws IOException;
  }

  /** All complete backups, the oldest first. */
  public List<ServerBackup> list() throws BackupException {
    List<ServerBackup> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path each : entries) {
        String id = String.valueOf(each.getFileName());
        if (!id.endsWith(PART) && Files.isRegularFile(each.resolve(LABEL))) {
          found.add(ServerBackup.read(id, Files.readString(each.resolve(LABEL))));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new BackupException("the backups in " + folder + " cannot be read: " + e, e);
    }
    found.sort(Comparator.comparing(ServerBackup::time).thenComparing(ServerBackup::id));
    return found;
  }

  /** The complete backup of an id. */
  public ServerBackup find(String id) throws BackupException {
    return list().stream()
        .filter(it -> it.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new BackupException("there is no backup '" + id + "' in " + folder));
  }

  /**
   * Makes a backup; when this returns it is on the disk.
   *
   * @param backups the complete backup of each file system
   * @param left file systems that have none
   */
  public ServerBackup create(
      Instant now, Map<String, String> backups, Set<String> left, Source source)
      throws BackupException {
    ServerBackup made =
        new ServerBackup(PREFIX + BackupFolder.TIME.format(now), now, backups, left);
    Path unfinished = folder.resolve(made.id() + PART);
    try {
      Files.createDirectories(folder);
      deleteFolder(unfinished);
      Files.createDirectory(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path entries = unfinished.resolve(ENTRIES);
      try (SealedEntries.Writer writer = new SealedEntries.Writer(entries, made.id(), sealer)) {
        source.write(writer);
        writer.end();
      }
      Files.writeString(unfinished.resolve(LABEL), made.label());
      sync(entries);
      sync(unfinished.resolve(LABEL));
      sync(unfinished);
      Files.move(unfinished, folder.resolve(made.id()), StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
      return made;
    } catch (IOException e) {
      throw new BackupException("the backup " + unfinished + " was not finished: " + e, e);
    }
  }

  /** The entries of a backup; reading them checks them. */
  public SealedEntries.Reader open(String id) throws BackupException {
    find(id);
    return SealedEntries.Reader.open(folder.resolve(id).resolve(ENTRIES), id, sealer);
  }

  /** Removes a backup; the backups of file systems stay. */
  public void delete(String id) throws BackupException {
    find(id);
    try {
      deleteFolder(folder.resolve(id));
    } catch (IOException e) {
      throw new BackupException("the backup " + id + " was not deleted wholly: " + e, e);
    }
  }

  /** Removes what crashes have left. */
  public void clean() throws BackupException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, "*" + PART)) {
      for (Path each : unfinished) {
        deleteFolder(each);
      }
    } catch (IOException e) {
      throw new BackupException("the backups of the server were not cleaned: " + e, e);
    }
  }

  private static void deleteFolder(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      Files.deleteIfExists(path.resolve(LABEL)); // First: it is no backup any more.
      Files.deleteIfExists(path.resolve(ENTRIES));
      Files.delete(path);
    }
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }
}
