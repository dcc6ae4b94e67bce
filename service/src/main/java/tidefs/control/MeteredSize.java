package tidefs.control;

import java.time.Instant;

/**
 * The metered size of a file system, in bytes for each storage class, and when it was taken ("How
 * Amazon EFS reports file system and object sizes").
 */
public record MeteredSize(
    long standardBytes, long infrequentAccessBytes, long archiveBytes, Instant takenAt) {
  /** All classes together. */
  public long totalBytes() {
    return standardBytes + infrequentAccessBytes + archiveBytes;
  }
}
