package tidefs.control;

import java.util.Optional;

/** The directory that an access point shows as its root, and how to make it if it is missing. */
public record RootDirectory(String path, Optional<CreationInfo> creationInfo) {
  /** The file system's own root. */
  public static final RootDirectory WHOLE = new RootDirectory("/", Optional.empty());

  /**
   * Owner and mode of a directory that is made at the first mount.
   *
   * @param permissions three or four octal digits
   */
  public record CreationInfo(long ownerUid, long ownerGid, String permissions) {}
}
