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
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;

/**
 * The folder that holds everything a server keeps, locked for one process.
 *
 * <pre>
 * format        the version of this layout
 * lock          locked by the server that runs; says which one it is
 * sys/          the resources of the API
 * fs/ID/        a file system: its metadata, journal and contents
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
  private static final String FORMAT = "tidefs 1\n";

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Opens the folder for {@code holder}, who is named to whoever finds it locked; makes it if it is
   * missing.
   */
  static DataDirectory open(Path path, String holder) {
    try {
      makeDirectory(path);
      return locked(path.toRealPath(), holder, true);
    } catch (IOException e) {
      throw refused(path, e);
    }
  }

  /** Opens a folder that must be there. */
  static DataDirectory openExisting(Path path, String holder) {
    if (!Files.isRegularFile(path.resolve("format"))) {
      throw new CommandException(
          ExitCode.USAGE,
          path
              + " is not a data directory of TideFS: it has no file 'format'. Name the folder"
              + " that 'tidefs serve --data' names.");
    }
    try {
      return locked(path.toRealPath(), holder, false);
    } catch (IOException e) {
      throw refused(path, e);
    }
  }

  /** Where the resources of the API are kept. */
  Path system() {
    return path.resolve("sys");
  }

  /** Where a file system is kept. */
  Path fileSystem(String id) {
    return path.resolve("fs").resolve(id);
  }

  /** The ids of the file systems that are kept here. */
  List<String> fileSystems() {
    Path all = path.resolve("fs");
    List<String> ids = new ArrayList<>();
    if (Files.isDirectory(all)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(all, "fs-*")) {
        entries.forEach(entry -> ids.add(entry.getFileName().toString()));
      } catch (IOException e) {
        throw refused(all, e);
      }
    }
    ids.sort(null);
    return ids;
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw refused(path, e);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private static DataDirectory locked(Path path, String holder, boolean fresh) throws IOException {
    FileChannel lockFile =
        FileChannel.open(
            path.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (tryLock(lockFile) == null) {
        throw new CommandException(
            ExitCode.USAGE,
            "the data directory "
                + path
                + " is in use by "
                + text(lockFile)
                + ". Stop that one first, or name another folder with --data.");
      }
      lockFile.truncate(0);
      write(lockFile, holder);
      checkFormat(path, fresh);
      return new DataDirectory(path, lockFile);
    } catch (IOException | CommandException e) {
      lockFile.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process.
    }
  }

  private static void checkFormat(Path path, boolean fresh) throws IOException {
    Path file = path.resolve("format");
    if (Files.exists(file)) {
      String format = Files.readString(file);
      if (!format.equals(FORMAT)) {
        throw new CommandException(
            ExitCode.USAGE,
            "the data directory "
                + path
                + " has the format '"
                + format.strip()
                + "', and this version of TideFS knows '"
                + FORMAT.strip()
                + "' only.");
      }
    } else if (fresh) {
      refuseForeign(path);
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        write(out, FORMAT);
      }
      Files.createDirectories(path.resolve("fs"));
      try (FileChannel folder = FileChannel.open(path)) {
        folder.force(true);
      }
    }
  }

  /** Refuses to settle in a folder that something else lives in. */
  private static void refuseForeign(Path path) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.equals("lock") && !name.equals("lost+found")) {
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

  private static void write(FileChannel file, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    file.force(true);
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
}
