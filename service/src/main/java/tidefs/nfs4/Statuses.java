package tidefs.nfs4;

import tidefs.fs.Errno;
import tidefs.nfs4.op.Status;
import tidefs.store.StoreBusyFault;
import tidefs.store.StoreFault;
import tidefs.store.StoreFullFault;

/** Translates what the file system says into what the protocol says. */
final class Statuses {
  private Statuses() {}

  /** The status of a fault below the file system; IO unless it goes away by itself. */
  static Status of(StoreFault fault) {
    return switch (fault) {
      case StoreFullFault _ -> Status.NOSPC;
      case StoreBusyFault _ -> Status.DELAY;
      default -> Status.IO;
    };
  }

  /** The status of a refusal by the file system. */
  static Status of(Errno errno, int minorVersion) {
    return switch (errno) {
      case EPERM -> Status.PERM;
      case ENOENT -> Status.NOENT;
      case EACCES -> Status.ACCESS;
      case EEXIST -> Status.EXIST;
      case EXDEV -> Status.XDEV;
      case ENOTDIR -> Status.NOTDIR;
      case EISDIR -> Status.ISDIR;
      case ELOOP -> Status.SYMLINK;
      case EINVAL -> Status.INVAL;
      case EFBIG -> Status.FBIG;
      case ENOSPC -> Status.NOSPC;
      case EROFS -> Status.ROFS;
      case EMLINK -> Status.MLINK;
      case ENAMETOOLONG -> Status.NAMETOOLONG;
      case ENOTEMPTY -> Status.NOTEMPTY;
      case EDQUOT -> Status.DQUOT;
      case ESTALE -> Status.STALE;
      case ENOTREG -> wrongType(minorVersion);
      case ENODATA -> Status.NOXATTR;
      case E2BIG -> Status.XATTR2BIG;
      case ENXIO -> Status.NXIO;
      case EBADCOOKIE -> Status.BAD_COOKIE;
    };
  }

  /** The status of an operation on a file of a kind that it is not for. */
  static Status wrongType(int minorVersion) {
    return minorVersion == 0 ? Status.INVAL : Status.WRONG_TYPE;
  }
}
