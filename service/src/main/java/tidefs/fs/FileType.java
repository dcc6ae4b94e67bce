package tidefs.fs;

/** What kind of thing an inode is. */
public enum FileType {
  /** A regular file. */
  REGULAR,
  /** A directory. */
  DIRECTORY,
  /** A symbolic link. */
  SYMLINK,
  /** A named pipe: only its name lives here. */
  FIFO,
  /** A socket's name. */
  SOCKET,
  /** The name of a block device: an extension, which EFS does not have. */
  BLOCK,
  /** The name of a character device: an extension, which EFS does not have. */
  CHARACTER;

  /** Whether it stands for a device, and so has numbers. */
  public boolean isDevice() {
    return this == BLOCK || this == CHARACTER;
  }
}
