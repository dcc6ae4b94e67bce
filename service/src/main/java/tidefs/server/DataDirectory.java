package tidefs.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;
import tidefs.store.local.LocalStorage;

/**
 * The folder that holds everything a server keeps, locked for one process, which is named to
 * whoever finds it locked. Each shard of the storage is a folder in it: {@value #SYSTEM} for the
 * resources of the API, and one for each file system, under its id.
 */
final class DataDirectory implements AutoCloseable {
  /** The shard of the API's resources. */
  static final String SYSTEM = "sys";

  /** The shard of metrics, alarms and topics. */
  static final String MONITORING = "monitoring";

  private static final String HOLDER = "server";
  private static final String FORMAT = "format";
  private static final String GONE = "deleted-";

  private final Path path;
  private final FileChannel holder;

  private DataDirectory(Path path, FileChannel holder) {
    this.path = path;
    this.holder = holder;
  }

  /** Opens the folder for {@code who}; makes it if it is missing. */
  static DataDirectory open(Path path, String who) {
    try {
      makeDirectory(path);
      if (!Files.exists(path.resolve(FORMAT))) {
        refuseForeign(path);
      }
      return locked(path.toRealPath(), who);
    } catch (IOException e) {
      throw refused(path, e);
    }
  }

  /** Opens a folder that a server has used before. */
  static DataDirectory openExisting(Path path, String who) {
    if (!Files.isRegularFile(path.resolve(FORMAT))) {
      throw new CommandException(
          ExitCode.USAGE,
          path
              + " is not a data directory of TideFS: it has no file 'format'. Name the folder that"
              + " 'tidefs serve --data' names.");
    }
    try {
      return locked(path.toRealPath(), who);
    } catch (IOException e) {
      throw refused(path, e);
    }
  }

  /** The folder. */
  Path path() {
    return path;
  }

  /** The ids of the file systems that are kept here. */
  List<String> fileSystems() {
    return names("fs-");
  }

  /** Whether this file system is kept here. */
  boolean holds(String fileSystemId) {
    return Files.isDirectory(path.resolve(fileSystemId));
  }

  /** Takes a file system out of sight, for good once this returns; its space is not yet free. */
  void discard(String fileSystemId) throws IOException {
    if (holds(fileSystemId)) {
      Path gone = path.resolve(GONE + fileSystemId);
      for (int again = 2;
          Files.exists(gone);
          again++) { // What was there before it is not free yet.
        gone = path.resolve(GONE + fileSystemId + "-" + again);
      }
      Files.move(path.resolve(fileSystemId), gone, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(path)) {
        folder.force(true);
      }
    }
  }

  /** Frees the space of all that was discarded, in this process or before. Takes its time. */
  void reclaim() throws IOException {
    for (String name : names(GONE)) {
      for (Path elsewhere : LocalStorage.elsewhere(path.resolve(name))) {
        deleteTree(elsewhere);
      }
      deleteTree(path.resolve(name));
    }
  }

  /** Deletes a folder with all that is in it. */
  static void deleteTree(Path folder) throws IOException {
    Files.walkFileTree(folder, new Deleter());
  }

  @Override
  public void close() {
    try {
      holder.close();
    } catch (IOException e) {
      throw refused(path, e);
    }
  }

  private List<String> names(String prefix) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, prefix + "*")) {
      entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
    } catch (IOException e) {
      throw refused(path, e);
    }
    names.sort(null);
    return names;
  }

  private static DataDirectory locked(Path path, String who) throws IOException {
    FileChannel holder =
        FileChannel.open(
            path.resolve(HOLDER),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (tryLock(holder) == null) {
      String other = text(holder);
      holder.close();
      throw new CommandException(
          ExitCode.USAGE,
          "the data directory "
              + path
              + " is in use by "
              + other
              + ". Stop that one first, or name another folder with --data.");
    }
    holder.truncate(0);
    holder.write(ByteBuffer.wrap(who.getBytes(StandardCharsets.UTF_8)), 0);
    return new DataDirectory(path, holder);
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process.
    }
  }

  /** Refuses to settle in a folder that something else lives in. */
  private static void refuseForeign(Path path) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (!List.of(HOLDER, "lock", "epoch", "format.next", "lost+found").contains(name)) {
          throw new CommandException(
              ExitCode.USAGE,
              path
                  + " is not empty and not a data directory of TideFS (it holds '"
                  + name
                  + "'). Name a new folder with --data.");
        }
      }
    }
  }

  private static void makeDirectory(Path path) throws IOException {
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new NotDirectoryException(path.toString());
    }
  }

  private static String text(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1024);
    file.read(bytes, 0);
    bytes.flip();
    String text = StandardCharsets.UTF_8.decode(bytes).toString().strip();
    return text.isEmpty() ? "another process" : text;
  }

  private static CommandException refused(Path path, IOException e) {
    String why =
        switch (e) {
          case AccessDeniedException _ -> "permission denied";
          case NotDirectoryException _ -> "it is not a folder";
          default -> e.toString();
        };
    return new CommandException(
        ExitCode.FAILED,
        "cannot use the data directory "
            + path
            + ": "
            + why
            + ". Name one that this user may write with --data.",
        e);
  }

  /** Deletes a tree, leaves first. */
  private static final class Deleter extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
