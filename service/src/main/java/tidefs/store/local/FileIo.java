package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;

/**
 * The operating system's files: every byte and name that the drivers of this package write, cut or
 * make durable passes here, so that a test can take the power away at any of these calls.
 *
 * <p>Files are meant by descriptors, as in POSIX. Buffers are direct; the bytes between position
 * and limit are meant, and neither is moved. Interrupted and short calls are repeated inside. What
 * goes wrong is a {@link StoreFault}, {@link tidefs.store.StoreFullFault} if space has run out.
 * Safe for concurrent use.
 */
public interface FileIo {
  /** What {@link #open} returns for a file that is not there. */
  int ABSENT = -1;

  /** What {@link #readCached} returns if it would have to wait. */
  int NOT_CACHED = -1;

  /** Opens a file for reading and writing; {@link #ABSENT} if it is not there. */
  int open(Path file);

  /** Opens a file for reading and writing, empty if it was not there. */
  int create(Path file);

  /** Closes a descriptor. What was written is not durable by that. */
  void close(int descriptor);

  /** Fills {@code target} as far as the file reaches, and returns how many bytes that were. */
  int read(int descriptor, long offset, ByteBuffer target);

  /**
   * Reads what can be had from memory: returns how many bytes that were, fewer than asked for also
   * at the end of the file, or {@link #NOT_CACHED}.
   */
  int readCached(int descriptor, long offset, ByteBuffer target);

  /** Writes all of {@code source}. */
  void write(int descriptor, long offset, ByteBuffer source);

  /**
   * Writes all of {@code source} over bytes that are there, and returns when that is durable; other
   * bytes may not be. If it is not certain that nothing was written, what goes wrong is no {@link
   * tidefs.store.StoreFullFault}.
   */
  default void writeDurably(int descriptor, long offset, ByteBuffer source) {
    write(descriptor, offset, source);
    try {
      sync(descriptor);
    } catch (StoreFullFault e) {
      throw new StoreFault("the device had no space for what it had accepted", e);
    }
  }

  /** Makes the contents of a file durable, and its length. Its name: {@link #syncDirectory}. */
  void sync(int descriptor);

  /** Lets the writing of what is not durable begin, without waiting for it and without promise. */
  void startWriteback(int descriptor);

  /** Makes durable which names a directory has; false if it is not there. */
  boolean syncDirectoryIfThere(Path directory);

  /** Makes durable which names a directory has, which is there. */
  default void syncDirectory(Path directory) {
    if (!syncDirectoryIfThere(directory)) {
      throw new StoreFault("a directory is missing");
    }
  }

  /** Makes durable that {@code path} is there: syncs the directory that it is in. */
  default void syncName(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  /** The length of a file in bytes. */
  long length(int descriptor);

  /** Cuts or lengthens a file. */
  void truncate(int descriptor, long length);

  /** Gives a file another name, replacing what has it. */
  void rename(Path from, Path to);

  /** Removes a file's name; false if it is not there. */
  boolean unlink(Path file);

  /** Makes a directory, unless it is there; false if it was. Its parent must exist. */
  boolean createDirectory(Path directory);

  /** The names in a directory, in any order. */
  List<String> list(Path directory);

  /** How many bytes may still be written to the device that {@code path} is on. */
  default long usableBytes(Path path) {
    return Long.MAX_VALUE;
  }

  /** How many bytes that device has in all. */
  default long totalBytes(Path path) {
    return Long.MAX_VALUE;
  }

  /** Locks a file against all other descriptors, until it is closed; false if another has it. */
  boolean lock(int descriptor);
}
