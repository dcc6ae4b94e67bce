package tidefs.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The files with unstable writes. It holds them, so that what only memory knows is not lost. */
final class DirtyInodes {
  private final ConcurrentHashMap<Long, Inode> files = new ConcurrentHashMap<>();

  /** The caller holds the inode's lock. */
  void add(Inode file) {
    files.put(file.ino(), file);
  }

  /** The caller holds the inode's lock. */
  void remove(Inode file) {
    files.remove(file.ino());
  }

  int size() {
    return files.size();
  }

  List<Inode> all() {
    return new ArrayList<>(files.values());
  }
}
