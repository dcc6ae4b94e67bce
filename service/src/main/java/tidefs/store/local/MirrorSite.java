package tidefs.store.local;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the contents of one file system can be: a folder of its own in a place, which is a folder
 * that is there, on a disk that may be elsewhere and away now and then.
 *
 * @param folder the file system's folder in the place; made when it is first used
 */
public record MirrorSite(Path folder) {
  private static final String MARK = "place";
  private static final String CHUNKS = "chunks";
  private static final String NEW = "new-place";

  /** The folder of a file system in the place {@code place}. */
  public static MirrorSite in(Path place, String fileSystem) {
    return new MirrorSite(place.toAbsolutePath().resolve(fileSystem));
  }

  /** The place that the folder is in. */
  Path place() {
    return Objects.requireNonNull(folder.toAbsolutePath().getParent(), "a folder in a place");
  }

  /** Where the chunks are. */
  Path chunks() {
    return folder.resolve(CHUNKS);
  }

  /** A file that tells this folder from the empty one that is seen while a disk is not mounted. */
  Path mark() {
    return folder.resolve(MARK);
  }

  /** A file by which an operator says that an empty place is a new one, and no disk is missing. */
  Path declaredNew() {
    return place().resolve(NEW);
  }
}
