package tidefs.fs;

/**
 * On whose behalf an operation runs. Ids are unsigned 32 bits.
 *
 * @param uid the user; 0 bypasses permission checks
 * @param gid the primary group
 * @param groups supplementary groups, at most 16; not modified by anyone
 */
public record Credentials(int uid, int gid, int... groups) {
  /** The superuser. */
  public static final Credentials ROOT = new Credentials(0, 0);

  /** True if permission checks are bypassed. */
  public boolean privileged() {
    return uid == 0;
  }

  /** True if {@code group} is the primary or a supplementary group. */
  public boolean in(int group) {
    if (gid == group) {
      return true;
    }
    for (int each : groups) {
      if (each == group) {
        return true;
      }
    }
    return false;
  }
}
