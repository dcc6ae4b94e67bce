package tidefs.fs;

/** What kind of thing an inode is. Devices do not exist here, as on EFS. */
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
  SOCKET
}
