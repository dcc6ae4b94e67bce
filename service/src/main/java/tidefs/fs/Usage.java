package tidefs.fs;

import tidefs.fs.lifecycle.StorageClass;

/**
 * What a file system holds, in bytes as they are metered ("How Amazon EFS reports file system and
 * object sizes"), and inodes. Also a difference of two such.
 *
 * @param standardBytes in the Standard class, with all metadata
 * @param infrequentAccess in the class Infrequent Access
 * @param archive in the class Archive
 */
public record Usage(long standardBytes, Cold infrequentAccess, Cold archive, long inodes) {
  /** Nothing. */
  public static final Usage ZERO = new Usage(0, Cold.ZERO, Cold.ZERO, 0);

  /**
   * What lies in a cold class.
   *
   * @param bytes as they are
   * @param overheadBytes what files below the least metered size add
   */
  public record Cold(long bytes, long overheadBytes) {
    static final Cold ZERO = new Cold(0, 0);

    /** What is metered. */
    public long meteredBytes() {
      return bytes + overheadBytes;
    }

    private Cold plus(Cold other) {
      return new Cold(bytes + other.bytes, overheadBytes + other.overheadBytes);
    }

    private Cold negated() {
      return new Cold(-bytes, -overheadBytes);
    }
  }

  /** All of it in Standard. */
  public static Usage standard(long bytes, long inodes) {
    return new Usage(bytes, Cold.ZERO, Cold.ZERO, inodes);
  }

  /** One inode whose data are, for the most part, in a cold class. */
  static Usage cold(long standard, StorageClass where, long bytes, long overheadBytes) {
    Cold cold = new Cold(bytes, overheadBytes);
    return where == StorageClass.ARCHIVE
        ? new Usage(standard, Cold.ZERO, cold, 1)
        : new Usage(standard, cold, Cold.ZERO, 1);
  }

  /** All classes together. */
  public long meteredBytes() {
    return standardBytes + infrequentAccess.meteredBytes() + archive.meteredBytes();
  }

  /** True if anything is in a cold class. */
  boolean anyCold() {
    return !infrequentAccess.equals(Cold.ZERO) || !archive.equals(Cold.ZERO);
  }

  /** Both together. */
  Usage plus(Usage other) {
    return new Usage(
        standardBytes + other.standardBytes,
        plus(infrequentAccess, other.infrequentAccess),
        plus(archive, other.archive),
        inodes + other.inodes);
  }

  /** The difference to {@code other}. */
  Usage minus(Usage other) {
    return plus(
        new Usage(
            -other.standardBytes,
            other.infrequentAccess.negated(),
            other.archive.negated(),
            -other.inodes));
  }

  @SuppressWarnings("ReferenceEquality") // The usual case costs nothing.
  private static Cold plus(Cold a, Cold b) {
    return b == Cold.ZERO ? a : a.plus(b);
  }
}
