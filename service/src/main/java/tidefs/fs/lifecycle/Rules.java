package tidefs.fs.lifecycle;

import java.util.Optional;

/**
 * A lifecycle configuration: after how many days without access files leave the Standard class, and
 * whether they come back when they are used ("Managing storage lifecycle" in the EFS User Guide).
 *
 * <p>Times are counted in whole hours since the epoch. A file's hour of last access is that in
 * which it was last read or written in the Standard class; it is due when the days have passed
 * since that hour <em>ended</em>, so never early and at most an hour late.
 *
 * @param daysToInfrequentAccess days without access; 0 for never
 * @param daysToArchive likewise; more than those to Infrequent Access
 * @param returnsOnAccess true if a file that is read or written returns to Standard
 */
public record Rules(int daysToInfrequentAccess, int daysToArchive, boolean returnsOnAccess) {
  /** No configuration: nothing moves. */
  public static final Rules NONE = new Rules(0, 0, false);

  /** How long after a write what was written to a cold file stays in Standard, in hours. */
  public static final int WARM_HOURS = 24;

  /** The size that a file in a cold class is metered with at least, in bytes. */
  public static final long LEAST_METERED_BYTES = 128 << 10;

  private static final int HOURS_OF_DAY = 24;

  /** Checks the order of the two. */
  public Rules {
    if (daysToInfrequentAccess < 0
        || daysToArchive < 0
        || (daysToArchive > 0 && daysToArchive <= daysToInfrequentAccess)) {
      throw new IllegalArgumentException("files go to Archive later than to Infrequent Access");
    }
  }

  /** True if there is any rule. */
  public boolean any() {
    return daysToInfrequentAccess > 0 || daysToArchive > 0 || returnsOnAccess;
  }

  /** The class for which a file is due that is in {@code now}; empty if it stays. */
  public Optional<StorageClass> due(StorageClass now, int accessHour, int hour) {
    if (now != StorageClass.ARCHIVE && hour >= archiveFrom(accessHour)) {
      return Optional.of(StorageClass.ARCHIVE);
    }
    if (now == StorageClass.STANDARD && hour >= infrequentAccessFrom(accessHour)) {
      return Optional.of(StorageClass.INFREQUENT_ACCESS);
    }
    return Optional.empty();
  }

  /** The latest hour of last access with which a file in {@code now} is due; below 0 for none. */
  public int dueUpTo(StorageClass now, int hour) {
    int least =
        switch (now) {
          case STANDARD -> daysToInfrequentAccess > 0 ? daysToInfrequentAccess : daysToArchive;
          case INFREQUENT_ACCESS -> daysToArchive;
          case ARCHIVE -> 0;
        };
    return least == 0 ? -1 : hour - least * HOURS_OF_DAY - 1;
  }

  /** The latest hour of a write with which what was written has to go back. */
  public static int warmUpTo(int hour) {
    return hour - WARM_HOURS - 1;
  }

  private long infrequentAccessFrom(int accessHour) {
    return from(accessHour, daysToInfrequentAccess);
  }

  private long archiveFrom(int accessHour) {
    return from(accessHour, daysToArchive);
  }

  private static long from(int accessHour, int days) {
    return days == 0 ? Long.MAX_VALUE : accessHour + 1L + (long) days * HOURS_OF_DAY;
  }
}
