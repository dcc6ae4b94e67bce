package tidefs.testkit;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import tidefs.store.StoreBusyFault;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;
import tidefs.store.local.FileIo;
import tidefs.store.local.NativeFileIo;

/**
 * Files, this machine's or others, with faults: calls of some kinds, below paths that contain a
 * text, fail until {@link #heal}, or wait until they are let go.
 */
public final class FaultIo implements FileIo {
  private final FileIo disk;
  private final Map<Integer, Path> paths = new ConcurrentHashMap<>();
  private volatile Set<Kind> kinds = EnumSet.noneOf(Kind.class);
  private volatile String part = "";
  private volatile Fault fault = Fault.ERROR;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** What a call does. */
  public enum Kind {
    /** Opens a file, or makes one. */
    OPEN,
    /** Reads. */
    READ,
    /** Writes. */
    WRITE,
    /** Makes a file longer. */
    GROW,
    /** Makes something durable. */
    SYNC
  }

  /** How a call fails. */
  public enum Fault {
    /** With an I/O error. */
    ERROR,
    /** Because no space is left; what does not need any was written. */
    FULL,
    /** Because too many files are open. */
    BUSY,
    /** Not at all, but it waits until {@link #heal}. */
    WAITS
  }

  /** This machine's files, without faults. */
  public FaultIo() {
    this(new NativeFileIo());
  }

  /** The files of {@code disk}, without faults. */
  public FaultIo(FileIo disk) {
    this.disk = disk;
  }

  /** From now on calls of these kinds fail below paths that contain {@code text}. */
  public void fail(String text, Fault how, Kind first, Kind... more) {
    part = text;
    fault = how;
    gate = new CountDownLatch(how == Fault.WAITS ? 1 : 0);
    kinds = EnumSet.of(first, more);
  }

  /** The cause of all faults goes away. */
  public void heal() {
    kinds = EnumSet.noneOf(Kind.class);
    gate.countDown();
  }

  private boolean fails(Kind kind, Path path) {
    return kinds.contains(kind) && path.toString().contains(part);
  }

  private void check(Kind kind, Path path) {
    if (!fails(kind, path)) {
      return;
    }
    switch (fault) {
      case ERROR -> throw new StoreFault("an error of the disk");
      case FULL -> throw new StoreFullFault("no space is left");
      case BUSY -> throw new StoreBusyFault("too many files are open");
      case WAITS -> {
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new StoreFault("interrupted", e);
        }
      }
    }
  }

  private Path path(int descriptor) {
    return paths.getOrDefault(descriptor, Path.of(""));
  }

  private int opened(int descriptor, Path file) {
    if (descriptor != ABSENT) {
      paths.put(descriptor, file);
    }
    return descriptor;
  }

  @Override
  public int open(Path file) {
    check(Kind.OPEN, file);
    return opened(disk.open(file), file);
  }

  @Override
  public int create(Path file) {
    check(Kind.OPEN, file);
    return opened(disk.create(file), file);
  }

  @Override
  public void close(int descriptor) {
    paths.remove(descriptor);
    disk.close(descriptor);
  }

  @Override
  public int read(int descriptor, long offset, ByteBuffer target) {
    check(Kind.READ, path(descriptor));
    return disk.read(descriptor, offset, target);
  }

  @Override
  public int readCached(int descriptor, long offset, ByteBuffer target) {
    return fails(Kind.READ, path(descriptor))
        ? NOT_CACHED
        : disk.readCached(descriptor, offset, target);
  }

  @Override
  public void write(int descriptor, long offset, ByteBuffer source) {
    check(Kind.WRITE, path(descriptor));
    long there = disk.length(descriptor);
    if (offset + source.remaining() > there && fails(Kind.GROW, path(descriptor))) {
      int fits = Math.clamp(there - offset, 0, source.remaining());
      disk.write(descriptor, offset, source.slice(source.position(), fits));
      check(Kind.GROW, path(descriptor));
    }
    disk.write(descriptor, offset, source);
  }

  @Override
  public void sync(int descriptor) {
    check(Kind.SYNC, path(descriptor));
    disk.sync(descriptor);
  }

  @Override
  public void startWriteback(int descriptor) {
    disk.startWriteback(descriptor);
  }

  @Override
  public boolean syncDirectoryIfThere(Path directory) {
    check(Kind.SYNC, directory);
    return disk.syncDirectoryIfThere(directory);
  }

  @Override
  public long length(int descriptor) {
    return disk.length(descriptor);
  }

  @Override
  public void truncate(int descriptor, long length) {
    disk.truncate(descriptor, length);
  }

  @Override
  public void rename(Path from, Path to) {
    disk.rename(from, to);
  }

  @Override
  public boolean unlink(Path file) {
    return disk.unlink(file);
  }

  @Override
  public boolean createDirectory(Path directory) {
    return disk.createDirectory(directory);
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
