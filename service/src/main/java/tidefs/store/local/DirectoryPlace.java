package tidefs.store.local;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import tidefs.store.ObjectPlace;
import tidefs.store.StoreFault;

/**
 * Objects as files in a directory, which may be on another disk, spread over 256 directories by a
 * hash of their names. A file is synced when it is written, its name with {@link #sync}.
 */
public final class DirectoryPlace implements ObjectPlace {
  private static final int BUCKETS = 256;

  private final FileIo io;
  private final Path root;
  private final Set<Path> made = ConcurrentHashMap.newKeySet();

  /** Objects in {@code root}; its parent is there, or its. */
  public DirectoryPlace(FileIo io, Path root) {
    this.io = io;
    this.root = root;
  }

  /** Objects in {@code root} on the operating system's files. */
  public static DirectoryPlace at(Path root) {
    return new DirectoryPlace(new NativeFileIo(), root);
  }

  @Override
  public void put(String name, byte[] bytes) {
    Path directory = bucket(name);
    makeDirectory(directory);
    int file = io.create(directory.resolve(name));
    try {
      io.truncate(file, 0);
      io.write(file, 0, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      io.sync(file);
    } finally {
      io.close(file);
    }
  }

  /** Makes what is missing of a directory, durably. A place whose root is gone is not made anew. */
  private void makeDirectory(Path directory) {
    if (made.contains(directory)) {
      return;
    }
    makeRoot();
    io.createDirectory(directory);
    io.syncDirectory(root);
    made.add(directory);
  }

  private void makeRoot() {
    Path parent = root.getParent();
    if (made.contains(root) || parent == null) {
      return;
    }
    io.createDirectory(parent);
    io.syncName(parent);
    io.createDirectory(root);
    io.syncDirectory(parent);
    made.add(root);
  }

  @Override
  public Optional<byte[]> get(String name) {
    int file = io.open(bucket(name).resolve(name));
    if (file == FileIo.ABSENT) {
      return Optional.empty();
    }
    try {
      long length = io.length(file);
      if (length > Integer.MAX_VALUE) {
        throw new StoreFault("an object is larger than any should be");
      }
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) length);
      int read = io.read(file, 0, buffer);
      byte[] bytes = new byte[read];
      buffer.get(0, bytes);
      return Optional.of(bytes);
    } finally {
      io.close(file);
    }
  }

  @Override
  public void sync(Collection<String> names) {
    Set<Path> directories = new TreeSet<>();
    names.forEach(name -> directories.add(bucket(name)));
    directories.forEach(io::syncDirectory);
  }

  @Override
  public void remove(String name) {
    io.unlink(bucket(name).resolve(name));
  }

  @Override
  public List<String> list(String prefix, String after) {
    TreeSet<String> names = new TreeSet<>();
    makeRoot();
    for (String bucket : io.list(root)) {
      for (String name : io.list(root.resolve(bucket))) {
        if (name.startsWith(prefix) && name.compareTo(after) > 0) {
          names.add(name);
        }
      }
    }
    return new ArrayList<>(names);
  }

  @Override
  public void close() {}

  private Path bucket(String name) {
    int hash = name.hashCode() * 0x9e3779b9;
    String digits = Integer.toHexString((hash >>> 24) % BUCKETS + BUCKETS).substring(1);
    return root.resolve(digits);
  }
}
