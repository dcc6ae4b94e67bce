package tidefs.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tidefs.fs.FileSystem;
import tidefs.fs.FsException;
import tidefs.fs.Restorer;

/** A folder of backups. One call at a time changes it; the caller sees to that. */
public final class BackupFolder {
  private static final String PART = ".part";
  private static final String LABEL = "label";
  private static final String MANIFEST = "manifest";
  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;

  /** The backups in {@code folder}, which is made when the first backup is. */
  public BackupFolder(Path folder) {
    this.folder = folder;
  }

  /** All complete backups, the oldest first. */
  public List<Backup> list() throws BackupException {
    List<Backup> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path each : entries) {
        String id = String.valueOf(each.getFileName());
        if (!id.endsWith(PART) && Files.isRegularFile(each.resolve(LABEL))) {
          found.add(Backup.read(id, Files.readString(each.resolve(LABEL))));
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new BackupException("the folder of backups " + folder + " cannot be read: " + e, e);
    }
    found.sort(Comparator.comparing(Backup::time).thenComparing(Backup::id));
    return found;
  }

  /** The complete backup of an id. */
  public Backup find(String id) throws BackupException {
    return list().stream()
        .filter(it -> it.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new BackupException("there is no backup '" + id + "' in " + folder));
  }

  /**
   * Makes a backup of a file system as it is now, while it is used.
   *
   * @param about kept with it
   */
  public Backup create(
      FileSystem fileSystem,
      String fileSystemId,
      Instant now,
      boolean automatic,
      Map<String, String> about)
      throws BackupException {
    String id = fileSystemId + "-" + TIME.format(now);
    Optional<Backup> before =
        list().stream()
            .filter(it -> it.fileSystemId().equals(fileSystemId))
            .reduce((_, later) -> later);
    Path unfinished = folder.resolve(id + PART);
    try {
      Files.createDirectories(folder);
      Files.createDirectory(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      BackupWriter writer =
          new BackupWriter(
              unfinished, id, before.map(it -> folder.resolve(it.id()).resolve(MANIFEST)));
      writer.write(fileSystem, unfinished.resolve(MANIFEST));
      Backup made =
          new Backup(
              id,
              fileSystemId,
              now,
              automatic,
              writer.inodes(),
              writer.bytes(),
              writer.newBytes(),
              writer.restless(),
              about);
      Path label = unfinished.resolve(LABEL);
      Files.write(label, made.label().getBytes(StandardCharsets.UTF_8));
      sync(label);
      sync(unfinished.resolve(MANIFEST));
      sync(unfinished);
      Files.move(unfinished, folder.resolve(id), StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
      return made;
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new BackupException("the backup " + unfinished + " was not finished: " + e, e);
    }
  }

  /**
   * Fills a new, empty file system, which nobody uses yet, with a backup, and checks it. If this
   * throws, what is there is of no use.
   */
  public void restore(String id, FileSystem empty) throws BackupException {
    find(id);
    Restorer restorer = empty.restorer();
    try (Manifest.Reader manifest = new Manifest.Reader(folder.resolve(id).resolve(MANIFEST));
        PackReader packs = new PackReader(folder)) {
      for (var each = manifest.inode(); each.isPresent(); each = manifest.inode()) {
        Manifest.Entry entry = each.get();
        restorer.node(entry.node());
        if (entry.node().type() == tidefs.fs.FileType.REGULAR) {
          for (Part part : entry.parts()) {
            restorer.data(entry.node().ino(), part.offset(), packs.read(part));
          }
          restorer.endFile(entry.node());
        }
      }
      for (var each = manifest.name(); each.isPresent(); each = manifest.name()) {
        restorer.name(each.get());
      }
      restorer.end();
    } catch (IOException e) {
      throw new BackupException("the backup " + id + " cannot be read: " + e, e);
    } catch (FsException e) {
      throw new BackupException("the backup " + id + " does not fit together: " + e.errno(), e);
    }
  }

  /** Reads all that a backup holds and refers to, and checks it; returns how many bytes. */
  public long verify(String id) throws BackupException {
    find(id);
    long bytes = 0;
    try (Manifest.Reader manifest = new Manifest.Reader(folder.resolve(id).resolve(MANIFEST));
        PackReader packs = new PackReader(folder)) {
      for (var each = manifest.inode(); each.isPresent(); each = manifest.inode()) {
        for (Part part : each.get().parts()) {
          bytes += packs.read(part).remaining();
        }
      }
      for (var each = manifest.name(); each.isPresent(); each = manifest.name()) {
        bytes += each.get().name().length;
      }
      return bytes;
    } catch (IOException e) {
      throw new BackupException("the backup " + id + " cannot be read: " + e, e);
    }
  }

  /** Removes a backup; packs that others refer to stay, in its folder, until they do not. */
  public void delete(String id) throws BackupException {
    find(id);
    try {
      Files.delete(folder.resolve(id).resolve(LABEL)); // It is no backup any more.
      sync(folder.resolve(id));
      clean();
    } catch (IOException e) {
      throw new BackupException("the backup " + id + " was not deleted wholly: " + e, e);
    }
  }

  /** Removes what crashes have left, and packs that nothing refers to. */
  public void clean() throws BackupException {
    Set<Path> needed = new HashSet<>();
    for (Backup each : list()) {
      try (Manifest.Reader manifest =
          new Manifest.Reader(folder.resolve(each.id()).resolve(MANIFEST))) {
        for (var entry = manifest.inode(); entry.isPresent(); entry = manifest.inode()) {
          for (Part part : entry.get().parts()) {
            needed.add(folder.resolve(part.backup()).resolve(PackWriter.packName(part.pack())));
          }
        }
      } catch (IOException e) {
        throw new BackupException("the backup " + each.id() + " cannot be read: " + e, e);
      }
    }
    try {
      for (Path each : children(folder)) {
        boolean unfinished = String.valueOf(each.getFileName()).endsWith(PART);
        if (each.endsWith(ServerBackups.FOLDER)) {
          continue;
        }
        if (Files.isDirectory(each) && (unfinished || !Files.exists(each.resolve(LABEL)))) {
          for (Path file : children(each)) {
            if (!needed.contains(file)) {
              Files.delete(file);
            }
          }
          if (children(each).isEmpty()) {
            Files.delete(each);
          }
        }
      }
    } catch (IOException e) {
      throw new BackupException("the folder of backups was not cleaned: " + e, e);
    }
  }

  private static List<Path> children(Path of) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(of)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(of)) {
        entries.forEach(found::add);
      }
    }
    return found;
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }
}
