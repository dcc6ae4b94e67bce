package tidefs.store.local;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import tidefs.store.ShardLease;
import tidefs.store.StoreFault;

/**
 * A lease on a data directory: a lock on the file {@code lock} in it, which the system gives back
 * when the process ends, however it ends; and a counter of epochs in the file {@code epoch}.
 */
public final class LocalLease implements ShardLease {
  private static final int TEXT_BYTES = 64;

  private final FileIo io;
  private final Path directory;

  /** The lease on {@code directory}, which exists. */
  public LocalLease(FileIo io, Path directory) {
    this.io = io;
    this.directory = directory;
  }

  @Override
  public Grant acquire() {
    int file = io.create(directory.resolve("lock"));
    try {
      if (!io.lock(file)) {
        throw new StoreFault(
            "the data directory is in use by another server (process " + read(file) + ")");
      }
      write(file, Long.toString(ProcessHandle.current().pid()));
      return new Held(io, file, nextEpoch());
    } catch (RuntimeException e) {
      io.close(file);
      throw e;
    }
  }

  private long nextEpoch() {
    Path counter = directory.resolve("epoch");
    long epoch = 1;
    int old = io.open(counter);
    if (old != FileIo.ABSENT) {
      try {
        epoch = Long.parseLong(read(old)) + 1;
      } catch (NumberFormatException e) {
        throw new StoreFault("the counter of epochs is damaged", e);
      } finally {
        io.close(old);
      }
    }
    Path next = directory.resolve("epoch.next");
    int file = io.create(next);
    try {
      write(file, Long.toString(epoch));
      io.sync(file);
    } finally {
      io.close(file);
    }
    io.rename(next, counter);
    io.syncDirectory(directory);
    return epoch;
  }

  private String read(int file) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(TEXT_BYTES);
    buffer.limit(io.read(file, 0, buffer));
    return US_ASCII.decode(buffer).toString().strip();
  }

  private void write(int file, String text) {
    byte[] bytes = (text + "\n").getBytes(US_ASCII);
    io.truncate(file, 0);
    io.write(file, 0, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
  }

  private record Held(FileIo io, int file, long epoch) implements Grant {
    @Override
    public boolean validNow() {
      return true; // The system takes the lock from a process that has ended only.
    }

    @Override
    public void onLost(Runnable action) {}

    @Override
    public void close() {
      io.close(file);
    }
  }
}
