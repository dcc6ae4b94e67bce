package tidefs.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tidefs.fs.Importer;
import tidefs.fs.Snapshot;

/** Reads contents from packs, and checks them. For one thread. */
final class PackReader implements AutoCloseable {
  private final Path folder;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Snapshot.PART_BYTES);
  private @Nullable Path open;
  private @Nullable FileChannel file;

  PackReader(Path folder) {
    this.folder = folder;
  }

  /** The contents of a part, until the next call. */
  ByteBuffer read(Part part) throws IOException, BackupException {
    Path path = folder.resolve(part.backup()).resolve(PackWriter.packName(part.pack()));
    FileChannel from = file;
    if (from == null || !path.equals(open)) {
      close();
      from = FileChannel.open(path);
      file = from;
      open = path;
    }
    if (part.length() < 0 || part.length() > buffer.capacity()) {
      throw new BackupException("a part has an impossible length in " + path);
    }
    buffer.clear().limit(part.length());
    while (buffer.hasRemaining()) {
      if (from.read(buffer, part.at() + buffer.position()) < 0) {
        throw new BackupException(path + " is shorter than it was");
      }
    }
    buffer.flip();
    if (!Arrays.equals(Importer.digest(buffer), part.digest())) {
      throw new BackupException(path + " is damaged at byte " + part.at());
    }
    return buffer;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      file = null;
      open = null;
    }
  }
}
