package tidefs.nfs4.state;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tidefs.fs.Inode;

/** The files of one volume that anyone has open, by inode number; each keeps its inode alive. */
public final class FileStates {
  private final Volume volume;
  private final ConcurrentHashMap<Long, FileState> open = new ConcurrentHashMap<>();

  FileStates(Volume volume) {
    this.volume = volume;
  }

  /** The state of {@code inode}, kept until {@link #leave}. */
  FileState enter(Inode inode) {
    return open.compute(
        inode.ino(),
        (_, known) -> {
          FileState state = known;
          if (state == null) {
            state = new FileState(volume, inode);
            volume.fileSystem().retain(inode);
          }
          state.users++;
          return state;
        });
  }

  /** Undoes one {@link #enter}; the last one lets the inode go. */
  void leave(FileState state) {
    open.computeIfPresent(
        state.inode().ino(),
        (_, known) -> {
          known.users--;
          if (known.users > 0) {
            return known;
          }
          volume.fileSystem().release(known.inode());
          return null;
        });
  }

  /** The state of {@code inode} if anyone has it open. */
  public @Nullable FileState find(Inode inode) {
    return open.get(inode.ino());
  }

  /** How many files are open. */
  public int size() {
    return open.size();
  }
}
