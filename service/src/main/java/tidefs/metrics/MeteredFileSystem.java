package tidefs.metrics;

import java.util.OptionalLong;

/** A file system as its metrics see it. Its methods answer at once. */
public interface MeteredFileSystem {
  /** Its id. */
  String id();

  /** Its requests. */
  IoCounters io();

  /** Connections that are open to it. */
  long connections();

  /** Burst credits; empty where they mean nothing, in elastic mode. */
  OptionalLong creditBytes();

  /** What it may do now. */
  long permittedBytesPerSecond();

  /** Operations that it may do: reads alone, and changes alone. */
  Operations operationLimits();

  /** What it holds. */
  Storage storage();

  /** Rates of operations. */
  record Operations(int readsPerSecond, int writesPerSecond) {}

  /**
   * Metered sizes by storage class; the overheads are what files below the least billed size add.
   */
  record Storage(
      long standardBytes,
      long infrequentAccessBytes,
      long infrequentAccessOverheadBytes,
      long archiveBytes,
      long archiveOverheadBytes) {
    /** All of it, as it is billed. */
    public long totalBytes() {
      return standardBytes
          + infrequentAccessBytes
          + infrequentAccessOverheadBytes
          + archiveBytes
          + archiveOverheadBytes;
    }
  }
}
