package tidefs.crash;

/**
 * What a worker does mostly.
 *
 * @param files how many files it has at most
 * @param directories how many directories
 * @param sectors how large a file is at most, in sectors
 * @param run how much is written at once at most, in sectors
 * @param contents of a hundred steps, how many concern contents
 * @param keepsOpen whether files stay open from one write to the next
 */
record Mix(int files, int directories, int sectors, int run, int contents, boolean keepsOpen) {
  /** Names come and go. */
  static final Mix METADATA = new Mix(60, 30, 4, 2, 5, false);

  /** Files up to some kilobytes are written whole, overwritten, cut. */
  static final Mix SMALL_FILES = new Mix(40, 4, 24, 24, 75, false);

  /** A few files of some megabytes are written here and there. */
  static final Mix LARGE_FILES = new Mix(5, 1, 12_000, 512, 95, true);
}
