package tidefs.store.local;

import java.nio.file.Path;

/** A place of a mirror, and where it stands. */
public record MirrorStatus(Path place, Standing standing) {
  /** Where a place stands. */
  public enum Standing {
    /** It has everything. */
    WHOLE,
    /** It takes all changes, and is being given what it has missed. */
    CATCHING_UP,
    /** It is not there, or has failed. */
    AWAY
  }
}
