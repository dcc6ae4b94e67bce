package tidefs.store.crypt;

import java.util.ArrayList;
import java.util.List;
import tidefs.store.ChunkId;

/**
 * The data keys that a file system has had, the oldest first. Records are sealed with the newest.
 * Which key a chunk is encrypted with follows from its id, and never changes: a key is for the
 * chunks of files that were made, or moved, after it came.
 */
public final class DataKeys {
  private final List<Era> eras;

  /**
   * The time of a key.
   *
   * @param firstIno it encrypts chunks of files with this inode number or a higher one
   * @param firstMove and chunks that were moved with this generation or a later one, without its
   *     sign
   */
  public record Era(DataKey key, long firstIno, int firstMove) {
    private boolean has(ChunkId chunk) {
      return chunk.generation() >= 0
          ? Long.compareUnsigned(chunk.ino(), firstIno) >= 0
          : (chunk.generation() & Integer.MAX_VALUE) >= firstMove;
    }
  }

  private DataKeys(List<Era> eras) {
    this.eras = List.copyOf(eras);
  }

  /** The one key of a file system. */
  public static DataKeys of(DataKey key) {
    return new DataKeys(List.of(new Era(key, 0, 0)));
  }

  /** These, and one that came after them. Its numbers have never been used. */
  public DataKeys with(Era newest) {
    List<Era> all = new ArrayList<>(eras);
    all.add(newest);
    return new DataKeys(all);
  }

  /** All of them. */
  public List<Era> eras() {
    return eras;
  }

  /** The key that names in keys of records are encrypted with: they have to stay what they are. */
  DataKey first() {
    return eras.getFirst().key();
  }

  DataKey newest() {
    return eras.getLast().key();
  }

  /** Which of them, counted from 0, a chunk is encrypted with. */
  int of(ChunkId chunk) {
    int era = eras.size() - 1;
    while (era > 0 && !eras.get(era).has(chunk)) {
      era--;
    }
    return era;
  }
}
