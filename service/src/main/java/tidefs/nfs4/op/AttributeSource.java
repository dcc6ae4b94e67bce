package tidefs.nfs4.op;

import tidefs.xdr.Bitmap;

/**
 * Where the attributes of one file come from when they are encoded: primitive values, so that a
 * GETATTR or a directory entry makes no garbage. Only what was asked for is called. The defaults
 * are what every file of this server has in common.
 */
public interface AttributeSource {
  /** Every attribute that this file has, readable or settable (attribute 0). */
  Bitmap supported();

  /** The kind of file (attribute 1). */
  FileType type();

  /** A number that differs after every change of data or metadata (attribute 3). */
  long change();

  /** Bytes of the contents (attribute 4). */
  long size();

  /** The file system, first half (attribute 8). */
  long fileSystemMajor();

  /** The file system, second half (attribute 8). */
  long fileSystemMinor();

  /** How long a lease lasts without renewal (attribute 10). */
  int leaseSeconds();

  /** Why the other attributes of a directory entry are missing (attribute 11). */
  default Status readDirError() {
    return Status.OK;
  }

  /** Whether OPEN may delegate files (attribute 86). */
  boolean delegates();

  /** The file handle (attribute 19). */
  FileHandle fileHandle();

  /** The number of the file within its file system (attribute 20). */
  long fileId();

  /** The largest size of a file, in bytes (attribute 27). */
  long maxFileSize();

  /** The most hard links of a file (attribute 28). */
  int maxLinks();

  /** The most bytes of one READ (attribute 30). */
  long maxReadBytes();

  /** The most bytes of one WRITE (attribute 31). */
  long maxWriteBytes();

  /** The permission bits, with set-user-ID, set-group-ID and sticky (attribute 33). */
  int mode();

  /** Hard links (attribute 35). */
  int links();

  /** The owner's user id, unsigned (attribute 36). */
  int owner();

  /** The group id, unsigned (attribute 37). */
  int ownerGroup();

  /** The major number of a device (attribute 41). */
  default int deviceMajor() {
    return 0;
  }

  /** The minor number of a device (attribute 41). */
  default int deviceMinor() {
    return 0;
  }

  /** Bytes of the file system that this user may still fill (attribute 42). */
  long spaceAvailable();

  /** Bytes of the file system that are free (attribute 43). */
  long spaceFree();

  /** Bytes of the file system (attribute 44). */
  long spaceTotal();

  /** Bytes that this file takes (attribute 45). */
  long spaceUsed();

  /** Time of the last access (attribute 47): seconds since 1970. */
  long accessSeconds();

  /** Time of the last access: nanoseconds within the second. */
  int accessNanos();

  /** Time of creation (attribute 50): seconds since 1970. */
  long createSeconds();

  /** Time of creation: nanoseconds within the second. */
  int createNanos();

  /** Time of the last change of metadata (attribute 52): seconds since 1970. */
  long metadataSeconds();

  /** Time of the last change of metadata: nanoseconds within the second. */
  int metadataNanos();

  /** Time of the last change of contents (attribute 53): seconds since 1970. */
  long modifySeconds();

  /** Time of the last change of contents: nanoseconds within the second. */
  int modifyNanos();

  /** The unit in which contents can be cloned, in bytes (attribute 77). */
  int cloneBlockBytes();

  /** The number of the directory that a mounted root covers, else the file's (attribute 55). */
  default long mountedOnFileId() {
    return fileId();
  }
}
