package tidefs.fs;

/** How much memory a check takes, which it asks for inode by inode. */
final class FsckMemory {
  /** As much as there is. */
  static final FsckMemory UNBOUNDED = new FsckMemory(Long.MAX_VALUE);

  // What each takes at most, arrays that have just grown included, in bytes.
  private static final int INODE_BYTES = 26;
  private static final int CHUNKED_BYTES = 36;
  private static final int DIRECTORY_BYTES = 200;
  private static final int RECOUNTED_BYTES = 120;

  private final long mostBytes;
  private long bytes;

  FsckMemory(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** An inode is about to be remembered. */
  void take(InodeState state) {
    if (mostBytes == Long.MAX_VALUE) {
      return;
    }
    boolean recounted = state.xattrBytes() > 0 || state.layout().sparse();
    bytes +=
        INODE_BYTES
            + (state.layout().inline() ? 0 : CHUNKED_BYTES)
            + (state.type() == FileType.DIRECTORY ? DIRECTORY_BYTES : 0)
            + (recounted ? RECOUNTED_BYTES : 0);
    if (bytes > mostBytes) {
      throw new LiveCheck.NoRoom(mostBytes);
    }
  }
}
