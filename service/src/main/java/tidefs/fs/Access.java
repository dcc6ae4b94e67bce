package tidefs.fs;

/** Who may do what, as POSIX says, from mode bits and ids. */
final class Access {
  private static final int SET_USER = 04000;
  private static final int SET_GROUP = 02000;
  private static final int STICKY = 01000;
  private static final int GROUP_EXECUTE = 0010;
  private static final int ANY_EXECUTE = 0111;
  private static final int ALL = Permission.READ | Permission.WRITE | Permission.EXECUTE;

  private Access() {}

  /** The {@link Permission} bits that {@code who} has. */
  static int of(Credentials who, Attributes what) {
    int mode = what.mode();
    if (who.privileged()) {
      boolean executes = what.type() == FileType.DIRECTORY || (mode & ANY_EXECUTE) != 0;
      return executes ? ALL : Permission.READ | Permission.WRITE;
    }
    if (who.uid() == what.uid()) {
      return mode >> 6 & ALL;
    }
    return who.in(what.gid()) ? mode >> 3 & ALL : mode & ALL;
  }

  /** EACCES unless {@code who} has all of {@code wanted}. */
  static void check(Credentials who, Attributes what, int wanted) throws FsException {
    if ((of(who, what) & wanted) != wanted) {
      throw new FsException(Errno.EACCES);
    }
  }

  /** True for the owner and the superuser. */
  static boolean owns(Credentials who, Attributes what) {
    return who.privileged() || who.uid() == what.uid();
  }

  /** EPERM if the directory's sticky bit keeps {@code who} from removing {@code entry}. */
  static void checkSticky(Credentials who, Attributes directory, Attributes entry)
      throws FsException {
    boolean sticky = (directory.mode() & STICKY) != 0;
    if (sticky && !owns(who, directory) && who.uid() != entry.uid()) {
      throw new FsException(Errno.EPERM);
    }
  }

  static boolean setsGroup(Attributes directory) {
    return (directory.mode() & SET_GROUP) != 0;
  }

  static int withSetGroup(int mode) {
    return mode | SET_GROUP;
  }

  /** The mode that {@code who} may set on what belongs to {@code gid}. */
  static int allowedMode(Credentials who, int mode, int gid) {
    return who.privileged() || who.in(gid) ? mode : mode & ~SET_GROUP;
  }

  /** The mode once an owner changed or somebody wrote. */
  static int withoutSetIds(int mode) {
    int cleared = mode & ~SET_USER;
    return (mode & GROUP_EXECUTE) != 0 ? cleared & ~SET_GROUP : cleared;
  }
}
