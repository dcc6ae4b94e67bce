package tidefs.control;

import java.util.List;

/** The POSIX identity that an access point enforces: ids are 0 to 4294967295. */
public record PosixUser(long uid, long gid, List<Long> secondaryGids) {
  /** Copies the list. */
  public PosixUser {
    secondaryGids = List.copyOf(secondaryGids);
  }
}
