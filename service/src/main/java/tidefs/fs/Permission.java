package tidefs.fs;

/** The permission bits of one class of users, as in a mode. */
public final class Permission {
  /** Read a file, list a directory. */
  public static final int READ = 4;

  /** Write a file, change a directory's entries. */
  public static final int WRITE = 2;

  /** Execute a file, search a directory. */
  public static final int EXECUTE = 1;

  private Permission() {}
}
