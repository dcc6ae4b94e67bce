package tidefs.testkit;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;
import tidefs.store.local.FileIo;

/**
 * Files in memory that can lose their power. What was synced stays. Of what was not, each sector of
 * each file is old or new, each length too, each change of a directory happened or not: as the seed
 * wants. It can also be told to fail the n-th changing call.
 *
 * <p>The power goes at the n-th changing call, which may have happened or not; all later ones fail.
 * {@link #restore} brings the machine up again.
 */
public final class PowerCutIo implements FileIo {
  private static final int SECTOR_BYTES = 512;

  private final Random random;
  private final Map<Path, Directory> directories = new HashMap<>();
  private final Map<Integer, Inode> open = new HashMap<>();
  private final Set<Inode> locked = new HashSet<>();
  private int nextDescriptor = 3;
  private long callsLeft = Long.MAX_VALUE;
  private boolean cut;
  private long callsToFault = Long.MAX_VALUE;
  private Fault fault = Fault.NONE;
  private boolean full;

  /** How a call fails. */
  public enum Fault {
    /** Not at all. */
    NONE,
    /** With an I/O error. */
    ERROR,
    /** Because no space is left. */
    FULL
  }

  /** A file's bytes. Arrays are shared among copies of a disk until one of them writes. */
  private static final class Inode {
    private byte[] bytes = {};
    private byte[] durable = {};
    private boolean bytesShared;
    private boolean durableShared;
    private final BitSet dirty = new BitSet();

    Inode copy() {
      bytesShared = true;
      durableShared = true;
      Inode copy = new Inode();
      copy.bytes = bytes;
      copy.durable = durable;
      copy.bytesShared = true;
      copy.durableShared = true;
      copy.dirty.or(dirty);
      return copy;
    }

    void write(long offset, ByteBuffer source) {
      int end = (int) offset + source.remaining();
      resizeBytes(Math.max(end, bytes.length));
      source.get(source.position(), bytes, (int) offset, source.remaining());
      mark(offset, end);
    }

    void truncate(int length) {
      mark(Math.min(bytes.length, length), Math.max(bytes.length, length));
      resizeBytes(length);
    }

    void sync() {
      resizeDurable(bytes.length);
      for (int i = dirty.nextSetBit(0); i >= 0; i = dirty.nextSetBit(i + 1)) {
        copySector(i);
      }
      dirty.clear();
    }

    void lose(Random random) {
      resizeDurable(random.nextBoolean() ? bytes.length : durable.length);
      int kind = random.nextInt(4); // Nothing of it, all of it, or some.
      for (int i = dirty.nextSetBit(0); i >= 0; i = dirty.nextSetBit(i + 1)) {
        if (kind == 1 || (kind > 1 && random.nextBoolean())) {
          copySector(i);
        }
      }
      bytes = durable;
      bytesShared = true;
      durableShared = true;
      dirty.clear();
    }

    /** Gives {@link #bytes} a length and makes them this inode's alone. */
    private void resizeBytes(int length) {
      if (bytesShared || length != bytes.length) {
        bytes = Arrays.copyOf(bytes, length);
        bytesShared = false;
      }
    }

    private void resizeDurable(int length) {
      if (length != durable.length) {
        durable = Arrays.copyOf(durable, length);
        durableShared = false;
      }
    }

    private void copySector(int sector) {
      int from = sector * SECTOR_BYTES;
      int to = Math.min(from + SECTOR_BYTES, Math.min(bytes.length, durable.length));
      if (from < to) {
        if (durableShared) {
          durable = durable.clone();
          durableShared = false;
        }
        System.arraycopy(bytes, from, durable, from, to - from);
      }
    }

    private void mark(long from, long to) {
      if (to > from) {
        dirty.set((int) (from / SECTOR_BYTES), (int) ((to - 1) / SECTOR_BYTES) + 1);
      }
    }
  }

  /** What a name stands for: an inode, or a directory by its path. */
  private record Change(String removed, String added, Object target) {}

  private static final class Directory {
    private TreeMap<String, Object> names = new TreeMap<>();
    private final TreeMap<String, Object> durable = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();

    Directory copy(Map<Inode, Inode> inodes) {
      Directory copy = new Directory();
      names.forEach((name, target) -> copy.names.put(name, copied(target, inodes)));
      durable.forEach((name, target) -> copy.durable.put(name, copied(target, inodes)));
      for (Change each : changes) {
        Object target = copied(each.target(), inodes);
        copy.changes.add(new Change(each.removed(), each.added(), target));
      }
      return copy;
    }

    private static Object copied(Object target, Map<Inode, Inode> inodes) {
      return target instanceof Inode inode ? inodes.computeIfAbsent(inode, Inode::copy) : target;
    }

    void change(Change change) {
      apply(names, change);
      changes.add(change);
    }

    void sync() {
      changes.forEach(change -> apply(durable, change));
      changes.clear();
    }

    void lose(Random random) {
      int kind = random.nextInt(3);
      for (Change change : changes) {
        if (kind == 1 || (kind == 2 && random.nextBoolean())) {
          apply(durable, change);
        }
      }
      changes.clear();
      names = new TreeMap<>(durable);
    }

    private static void apply(TreeMap<String, Object> names, Change change) {
      names.remove(change.removed());
      if (!change.added().isEmpty()) {
        names.put(change.added(), change.target());
      }
    }
  }

  /** A machine with one directory, {@code root}. */
  public PowerCutIo(long seed, Path root) {
    this.random = new Random(seed);
    directories.put(root, new Directory());
  }

  /** This disk as it is, with another fate: to look at what a loss of power would leave. */
  public synchronized PowerCutIo copy(long seed) {
    PowerCutIo copy = new PowerCutIo(seed, Path.of("/"));
    copy.directories.clear();
    Map<Inode, Inode> inodes = new IdentityHashMap<>();
    directories.forEach((path, each) -> copy.directories.put(path, each.copy(inodes)));
    open.forEach(
        (descriptor, each) -> copy.open.put(descriptor, inodes.computeIfAbsent(each, Inode::copy)));
    copy.nextDescriptor = nextDescriptor;
    return copy;
  }

  /** The power goes at the {@code calls}-th changing call from now on. */
  public synchronized void cutAfter(long calls) {
    callsLeft = calls;
  }

  /** The {@code calls}-th changing call from now on fails, once. */
  public synchronized void failAfter(long calls, Fault how) {
    callsToFault = calls;
    fault = how;
  }

  /** While it is full, no file becomes longer and no directory is made. */
  public synchronized void full(boolean now) {
    full = now;
  }

  private void checkSpace(boolean needed) {
    if (needed && full) {
      throw new StoreFullFault("no space is left");
    }
  }

  /** Whether the power has gone. */
  public synchronized boolean isCut() {
    return cut;
  }

  /** Turns the power off, if it is on, and on again. */
  public synchronized void restore() {
    Set<Inode> inodes = new HashSet<>(open.values());
    for (Directory directory : directories.values()) {
      for (Object target : directory.names.values()) {
        if (target instanceof Inode inode) {
          inodes.add(inode);
        }
      }
      for (Object target : directory.durable.values()) {
        if (target instanceof Inode inode) {
          inodes.add(inode);
        }
      }
    }
    inodes.forEach(inode -> inode.lose(random));
    directories.values().forEach(directory -> directory.lose(random));
    open.clear();
    locked.clear();
    cut = false;
    full = false;
    callsLeft = Long.MAX_VALUE;
  }

  @Override
  public synchronized int open(Path file) {
    checkPower();
    Directory directory = parentOrNull(file);
    return directory != null && directory.names.get(name(file)) instanceof Inode inode
        ? opened(inode)
        : ABSENT;
  }

  @Override
  public synchronized int create(Path file) {
    int there = open(file);
    if (there != ABSENT) {
      return there;
    }
    Inode inode = new Inode();
    Directory directory = parent(file);
    changing(() -> directory.change(new Change("", name(file), inode)));
    return opened(inode);
  }

  @Override
  public synchronized void close(int descriptor) {
    locked.remove(open.remove(descriptor));
  }

  @Override
  public synchronized int read(int descriptor, long offset, ByteBuffer target) {
    checkPower();
    byte[] bytes = inode(descriptor).bytes;
    int count = Math.clamp(bytes.length - offset, 0, target.remaining());
    if (count > 0) {
      target.put(target.position(), bytes, (int) offset, count);
    }
    return count;
  }

  @Override
  public synchronized int readCached(int descriptor, long offset, ByteBuffer target) {
    return random.nextInt(4) == 0 ? NOT_CACHED : read(descriptor, offset, target);
  }

  @Override
  public synchronized void write(int descriptor, long offset, ByteBuffer source) {
    Inode inode = inode(descriptor);
    checkSpace(offset + source.remaining() > inode.bytes.length);
    changing(() -> inode.write(offset, source));
  }

  @Override
  public synchronized void sync(int descriptor) {
    changing(inode(descriptor)::sync);
  }

  @Override
  public void startWriteback(int descriptor) {}

  @Override
  public synchronized boolean syncDirectoryIfThere(Path directory) {
    checkPower();
    Directory found = directories.get(directory);
    if (found == null) {
      return false;
    }
    changing(found::sync);
    return true;
  }

  @Override
  public synchronized long length(int descriptor) {
    checkPower();
    return inode(descriptor).bytes.length;
  }

  @Override
  public synchronized void truncate(int descriptor, long length) {
    Inode inode = inode(descriptor);
    changing(() -> inode.truncate((int) length));
  }

  @Override
  public synchronized void rename(Path from, Path to) {
    checkPower();
    Directory directory = parent(from);
    if (directory != parent(to)) {
      throw new UnsupportedOperationException("only within a directory");
    }
    Object target = Objects.requireNonNull(directory.names.get(name(from)), "no such file");
    changing(() -> directory.change(new Change(name(from), name(to), target)));
  }

  @Override
  public synchronized boolean unlink(Path file) {
    checkPower();
    Directory directory = parentOrNull(file);
    Object target = directory == null ? null : directory.names.get(name(file));
    if (directory == null || target == null) {
      return false;
    }
    changing(() -> directory.change(new Change(name(file), "", target)));
    return true;
  }

  @Override
  public synchronized boolean createDirectory(Path directory) {
    checkPower();
    Directory parent = parent(directory);
    if (parent.names.containsKey(name(directory))) {
      return false;
    }
    checkSpace(true);
    changing(() -> {
      parent.change(new Change("", name(directory), directory));
      directories.put(directory, new Directory());
    });
    return true;
  }

  @Override
  public synchronized List<String> list(Path directory) {
    checkPower();
    return List.copyOf(directories.get(directory).names.keySet());
  }

  @Override
  public synchronized boolean lock(int descriptor) {
    return locked.add(inode(descriptor));
  }

  private void changing(Runnable change) {
    checkPower();
    if (--callsToFault == 0) {
      throw fault == Fault.FULL
          ? new StoreFullFault("no space is left")
          : new StoreFault("an error of the disk");
    }
    if (--callsLeft > 0) {
      change.run();
      return;
    }
    if (random.nextBoolean()) {
      change.run();
    }
    cut = true;
    throw new StoreFault("the power is gone");
  }

  private void checkPower() {
    if (cut) {
      throw new StoreFault("the power is gone");
    }
  }

  private int opened(Inode inode) {
    open.put(nextDescriptor, inode);
    return nextDescriptor++;
  }

  private Inode inode(int descriptor) {
    checkPower();
    return Objects.requireNonNull(open.get(descriptor), "a closed descriptor");
  }

  private Directory parent(Path file) {
    return Objects.requireNonNull(parentOrNull(file), "no such directory");
  }

  private @Nullable Directory parentOrNull(Path file) {
    Path parent = file.getParent();
    for (Path up = parent; up != null && directories.containsKey(up.getParent()); ) {
      if (!directories.get(up.getParent()).names.containsKey(name(up))) {
        return null;
      }
      up = up.getParent();
    }
    return directories.get(parent);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
