package tidefs.fs;

/**
 * An inode that is in memory: the identity on which operations work. Two lookups of one inode give
 * the same object as long as anyone holds it.
 */
public final class Inode {
  private final long ino;
  private final FileType type;

  Inode(long ino, FileType type) {
    this.ino = ino;
    this.type = type;
  }

  /** The inode number: never used again once the inode is gone. */
  public long ino() {
    return ino;
  }

  /** What it is; never changes. */
  public FileType type() {
    return type;
  }
}
