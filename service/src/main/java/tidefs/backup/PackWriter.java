package tidefs.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Appends contents to the packs of a backup that is being made. */
final class PackWriter implements AutoCloseable {
  private final Path folder;
  private final String backup;
  private @Nullable FileChannel file;
  private int pack = -1;
  private long at;
  private long bytes;

  PackWriter(Path folder, String backup) {
    this.folder = folder;
    this.backup = backup;
  }

  Part append(long offset, ByteBuffer contents, byte[] digest) throws IOException {
    FileChannel to = file;
    if (to == null || at > Limits.PACK_BYTES) {
      end();
      pack++;
      at = 0;
      to =
          FileChannel.open(
              folder.resolve(packName(pack)),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE);
      file = to;
    }
    Part part = new Part(offset, contents.remaining(), digest, backup, pack, at);
    ByteBuffer rest = contents.duplicate();
    while (rest.hasRemaining()) {
      to.write(rest);
    }
    at += part.length();
    bytes += part.length();
    return part;
  }

  static String packName(int pack) {
    return "pack-" + pack;
  }

  long bytes() {
    return bytes;
  }

  /** All that was appended is on disk. */
  void end() throws IOException {
    if (file != null) {
      file.force(true);
      file.close();
      file = null;
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
