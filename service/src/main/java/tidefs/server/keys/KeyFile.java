package tidefs.server.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import tidefs.base.Chance;
import tidefs.cli.CommandException;
import tidefs.cli.ExitCode;

/** A secret of the server in a file that its user alone may read, made when it is missing. */
public final class KeyFile {
  private KeyFile() {}

  /** The {@code length} bytes of the file. */
  public static byte[] open(Path file, int length, Chance chance) {
    try {
      if (!Files.exists(file)) {
        byte[] made = new byte[length];
        chance.fill(made);
        write(file, made);
      }
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length != length) {
        throw new CommandException(
            ExitCode.FAILED,
            file
                + " is damaged: it should have "
                + length
                + " bytes. Restore it from a backup; without it no access key is readable.");
      }
      return bytes;
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "cannot use the key file " + file + ": " + e, e);
    }
  }

  /** Puts a file in place, whole and durable, for the server's user alone. */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel out = FileChannel.open(next, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel directory = FileChannel.open(folder)) {
        directory.force(true);
      }
    }
  }
}
