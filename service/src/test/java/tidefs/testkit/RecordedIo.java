package tidefs.testkit;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tidefs.store.local.FileIo;

/**
 * Passes calls on to a disk and keeps those that changed something, in the order in which they were
 * done, so that the disk can be made again as it was after any number of them.
 */
public final class RecordedIo implements FileIo {
  private final FileIo disk;
  private final List<Consumer<FileIo>> calls = new ArrayList<>();

  /** Records what is done to {@code disk}. */
  public RecordedIo(FileIo disk) {
    this.disk = disk;
  }

  /** How much was done so far. */
  public synchronized int count() {
    return calls.size();
  }

  /** Does call number {@code index} to another disk, to which all before it were done. */
  public synchronized void repeat(int index, FileIo other) {
    calls.get(index).accept(other);
  }

  @Override
  public synchronized int open(Path file) {
    int descriptor = disk.open(file);
    if (descriptor != ABSENT) {
      calls.add(io -> io.open(file)); // Takes the same descriptor there.
    }
    return descriptor;
  }

  @Override
  public synchronized int create(Path file) {
    calls.add(io -> io.create(file));
    return disk.create(file);
  }

  @Override
  public synchronized void close(int descriptor) {
    calls.add(io -> io.close(descriptor));
    disk.close(descriptor);
  }

  @Override
  public int read(int descriptor, long offset, ByteBuffer target) {
    return disk.read(descriptor, offset, target);
  }

  @Override
  public int readCached(int descriptor, long offset, ByteBuffer target) {
    return disk.readCached(descriptor, offset, target);
  }

  @Override
  public synchronized void write(int descriptor, long offset, ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(source.position(), bytes);
    calls.add(io -> io.write(descriptor, offset, ByteBuffer.wrap(bytes)));
    disk.write(descriptor, offset, source);
  }

  @Override
  public synchronized void sync(int descriptor) {
    calls.add(io -> io.sync(descriptor));
    disk.sync(descriptor);
  }

  @Override
  public void startWriteback(int descriptor) {
    disk.startWriteback(descriptor);
  }

  @Override
  public synchronized boolean syncDirectoryIfThere(Path directory) {
    boolean there = disk.syncDirectoryIfThere(directory);
    if (there) {
      calls.add(io -> io.syncDirectory(directory));
    }
    return there;
  }

  @Override
  public long length(int descriptor) {
    return disk.length(descriptor);
  }

  @Override
  public synchronized void truncate(int descriptor, long length) {
    calls.add(io -> io.truncate(descriptor, length));
    disk.truncate(descriptor, length);
  }

  @Override
  public synchronized void rename(Path from, Path to) {
    calls.add(io -> io.rename(from, to));
    disk.rename(from, to);
  }

  @Override
  public synchronized boolean unlink(Path file) {
    boolean there = disk.unlink(file);
    if (there) {
      calls.add(io -> io.unlink(file));
    }
    return there;
  }

  @Override
  public synchronized boolean createDirectory(Path directory) {
    boolean made = disk.createDirectory(directory);
    if (made) {
      calls.add(io -> io.createDirectory(directory));
    }
    return made;
  }

  @Override
  public List<String> list(Path directory) {
    return disk.list(directory);
  }

  @Override
  public boolean lock(int descriptor) {
    return disk.lock(descriptor);
  }
}
