package tidefs.server.copies;

import tidefs.fs.FileSystem;

/** The file systems of the data directory. */
public interface OpenFileSystems {
  /** Whether it is there. */
  boolean holds(String fileSystemId);

  /** The file system, opened if it is not. Takes its time. */
  FileSystem open(String fileSystemId);

  /** The destination of a copy; an empty one if a {@link #reset} of it was cut off. */
  FileSystem destination(String fileSystemId);

  /** Replaces a file system by an empty one; its clients have to mount it again. */
  void reset(String fileSystemId);
}
