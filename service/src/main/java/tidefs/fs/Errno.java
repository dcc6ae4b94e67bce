package tidefs.fs;

/** Why the file system refuses: the POSIX error numbers it uses, by their names. */
public enum Errno {
  /** Not owner, or not privileged. */
  EPERM,
  /** No such name, or no such attribute. */
  ENOENT,
  /** Permission bits deny it. */
  EACCES,
  /** The name exists. */
  EEXIST,
  /** Not the same file system. */
  EXDEV,
  /** Not a directory. */
  ENOTDIR,
  /** A directory. */
  EISDIR,
  /** A symbolic link where none may be. */
  ELOOP,
  /** An argument that makes no sense, such as a directory moved below itself. */
  EINVAL,
  /** Beyond the largest file. */
  EFBIG,
  /** The device is full. */
  ENOSPC,
  /** The file system may only be read. */
  EROFS,
  /** Too many hard links. */
  EMLINK,
  /** A name or a link's target is too long. */
  ENAMETOOLONG,
  /** The directory is not empty. */
  ENOTEMPTY,
  /** A quota of the file system is used up. */
  EDQUOT,
  /** The inode is gone. */
  ESTALE,
  /** Not a regular file, where one is needed. */
  ENOTREG,
  /** No such extended attribute. */
  ENODATA,
  /** The value of an extended attribute is too long. */
  E2BIG,
  /** An offset beyond the end of the file. */
  ENXIO,
  /** A directory cookie that this directory never gave out. */
  EBADCOOKIE
}
