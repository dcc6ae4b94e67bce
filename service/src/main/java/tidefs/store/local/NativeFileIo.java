package tidefs.store.local;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import tidefs.store.StoreBusyFault;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;

/**
 * The files of this machine, without Java's channels: those close under a thread that is
 * interrupted, and cannot read without waiting.
 */
public final class NativeFileIo implements FileIo {
  /** How long a call waits for a descriptor when all that a process may have are taken. */
  private static final int DESCRIPTOR_TRIES = 200;

  private static final long DESCRIPTOR_PAUSE_NANOS = 10_000_000;

  /**
   * How much one call writes. Linux caches what a call brings in pages as large as that (folios),
   * and ext4 walks all blocks of such a page whenever a few bytes of it are written: with calls of
   * 1 MiB, later writes of 4 KiB took three times as much of the processor.
   */
  private static final int PIECE_BYTES = 64 << 10;

  private volatile boolean readsWithoutWaiting = true;

  /** This machine's files. */
  public NativeFileIo() {}

  @Override
  public int open(Path file) {
    int result = opened(file, Libc.O_RDWR | Libc.O_CLOEXEC);
    return result == -Libc.ENOENT ? ABSENT : checked(result, "a file cannot be opened");
  }

  @Override
  public int create(Path file) {
    int result = opened(file, Libc.O_RDWR | Libc.O_CREAT | Libc.O_CLOEXEC);
    return checked(result, "a file cannot be created");
  }

  @Override
  public void close(int descriptor) {
    int result = Libc.close(descriptor);
    if (result != -Libc.EINTR) { // Linux has closed it even then.
      checked(result, "a file cannot be closed");
    }
  }

  @Override
  public int read(int descriptor, long offset, ByteBuffer target) {
    MemorySegment memory = MemorySegment.ofBuffer(target);
    int done = 0;
    while (done < memory.byteSize()) {
      long result = Libc.pread(descriptor, memory.asSlice(done), offset + done);
      if (result == 0) {
        break;
      }
      if (result != -Libc.EINTR) {
        done += checked((int) result, "a file cannot be read");
      }
    }
    return done;
  }

  @Override
  public int readCached(int descriptor, long offset, ByteBuffer target) {
    if (!readsWithoutWaiting) {
      return NOT_CACHED;
    }
    long result = Libc.preadCached(descriptor, MemorySegment.ofBuffer(target), offset);
    if (result == -Libc.EAGAIN || result == -Libc.EINTR) {
      return NOT_CACHED;
    }
    if (result == -Libc.EOPNOTSUPP) { // A file system that cannot; all of them here are on one.
      readsWithoutWaiting = false;
      return NOT_CACHED;
    }
    return checked((int) result, "a file cannot be read");
  }

  @Override
  public void write(int descriptor, long offset, ByteBuffer source) {
    MemorySegment memory = MemorySegment.ofBuffer(source);
    int done = 0;
    while (done < memory.byteSize()) {
      long at = offset + done;
      long piece = Math.min(PIECE_BYTES - at % PIECE_BYTES, memory.byteSize() - done);
      long result = Libc.pwrite(descriptor, memory.asSlice(done, piece), at);
      if (result != -Libc.EINTR) {
        done += checked((int) result, "a file cannot be written");
      }
    }
  }

  @Override
  public void writeDurably(int descriptor, long offset, ByteBuffer source) {
    MemorySegment memory = MemorySegment.ofBuffer(source);
    int done = 0;
    while (done < memory.byteSize()) {
      long result = Libc.pwriteDurably(descriptor, memory.asSlice(done), offset + done);
      if (result == -Libc.EOPNOTSUPP) {
        FileIo.super.writeDurably(descriptor, offset, source);
        return;
      }
      if (result < 0 && result != -Libc.EINTR) {
        throw new StoreFault("a file cannot be written durably (error number " + -result + ")");
      }
      done += (int) Math.max(0, result);
    }
  }

  @Override
  public void sync(int descriptor) {
    int result;
    do {
      result = Libc.fdatasync(descriptor);
    } while (result == -Libc.EINTR);
    checked(result, "a file cannot be made durable");
  }

  @Override
  public void startWriteback(int descriptor) {
    // A hint. Its errors are remembered by the system and come back from the next sync.
    int _ = Libc.startWriteback(descriptor);
  }

  @Override
  public boolean syncDirectoryIfThere(Path directory) {
    int descriptor = Libc.openDirectory(directory.toString());
    for (int i = 0; i < DESCRIPTOR_TRIES && lacksDescriptors(descriptor); i++) {
      LockSupport.parkNanos(DESCRIPTOR_PAUSE_NANOS);
      descriptor = Libc.openDirectory(directory.toString());
    }
    if (descriptor == -Libc.ENOENT) {
      return false;
    }
    checked(descriptor, "a directory cannot be opened");
    try {
      int result;
      do {
        result = Libc.fsync(descriptor);
      } while (result == -Libc.EINTR);
      checked(result, "a directory cannot be made durable");
      return true;
    } finally {
      close(descriptor);
    }
  }

  @Override
  public long length(int descriptor) {
    long result = Libc.length(descriptor);
    return result >= 0 ? result : checked((int) result, "the length of a file is not to be had");
  }

  @Override
  public void truncate(int descriptor, long length) {
    int result;
    do {
      result = Libc.ftruncate(descriptor, length);
    } while (result == -Libc.EINTR);
    checked(result, "a file cannot be cut");
  }

  @Override
  public void rename(Path from, Path to) {
    checked(Libc.rename(from.toString(), to.toString()), "a file cannot be renamed");
  }

  @Override
  public boolean unlink(Path file) {
    int result = Libc.unlink(file.toString());
    return result != -Libc.ENOENT && checked(result, "a file cannot be removed") == 0;
  }

  @Override
  public boolean createDirectory(Path directory) {
    int result = Libc.mkdir(directory.toString());
    return result != -Libc.EEXIST && checked(result, "a directory cannot be made") == 0;
  }

  @Override
  public List<String> list(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new StoreFault("a directory cannot be read", e);
    }
  }

  @Override
  public long usableBytes(Path path) {
    return path.toFile().getUsableSpace();
  }

  @Override
  public long totalBytes(Path path) {
    return path.toFile().getTotalSpace();
  }

  @Override
  public boolean lock(int descriptor) {
    int result = Libc.lock(descriptor);
    return result != -Libc.EAGAIN && checked(result, "a file cannot be locked") == 0;
  }

  private static int opened(Path file, int flags) {
    String name = file.toString();
    int result;
    do {
      result = Libc.open(name, flags);
    } while (result == -Libc.EINTR);
    return result;
  }

  private static boolean lacksDescriptors(int result) {
    return result == -Libc.EMFILE || result == -Libc.ENFILE;
  }

  private static int checked(int result, String text) {
    if (result >= 0) {
      return result;
    }
    if (result == -Libc.ENOSPC || result == -Libc.EDQUOT) {
      throw new StoreFullFault(text + ": no space is left");
    }
    if (lacksDescriptors(result)) {
      throw new StoreBusyFault(text + ": too many files are open");
    }
    throw new StoreFault(text + " (error number " + -result + ")");
  }
}
