package tidefs.store.local;

import java.nio.file.Path;
import java.util.Optional;
import tidefs.store.ChunkId;

/**
 * Where the file of a chunk is: {@code 3f/a0/INO-GENERATION-INDEX}, all in hexadecimal. The two
 * directories are a hash of the upper bits of inode number and index, so that files made together
 * share a directory, and its syncs, while all files together spread evenly.
 */
final class ChunkNames {
  /** The number of directories that hold chunks. */
  static final int BUCKETS = 1 << 16;

  private static final int SHARED_INODE_BITS = 6;
  private static final int SHARED_INDEX_BITS = 8;
  private static final long MIX_INO = 0x9e3779b97f4a7c15L;
  private static final long MIX_INDEX = 0xc2b2ae3d27d4eb4fL;

  private final Path root;

  ChunkNames(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /** The directory of a chunk, from 0 to {@link #BUCKETS} - 1. */
  static int bucket(ChunkId chunk) {
    long hash = (chunk.ino() >>> SHARED_INODE_BITS) * MIX_INO;
    hash = (hash ^ (hash >>> 29)) + (chunk.index() >>> SHARED_INDEX_BITS) * MIX_INDEX;
    hash = (hash ^ (hash >>> 32)) * MIX_INO;
    return (int) (hash >>> 48);
  }

  /** The directory that holds a bucket's. */
  Path parent(int bucket) {
    return root.resolve(twoDigits(bucket >>> 8));
  }

  Path directory(int bucket) {
    return parent(bucket).resolve(twoDigits(bucket & 0xff));
  }

  Path file(ChunkId chunk) {
    String name =
        Long.toHexString(chunk.ino())
            + '-'
            + Integer.toHexString(chunk.generation())
            + '-'
            + Integer.toHexString(chunk.index());
    return directory(bucket(chunk)).resolve(name);
  }

  /** The chunk whose file has this name, if it can be one's. */
  static Optional<ChunkId> parse(String name) {
    String[] parts = name.split("-", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ChunkId(
              Long.parseUnsignedLong(parts[0], 16),
              Integer.parseUnsignedInt(parts[1], 16),
              Integer.parseUnsignedInt(parts[2], 16)));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static String twoDigits(int value) {
    return (value < 0x10 ? "0" : "") + Integer.toHexString(value);
  }
}
