package tidefs.fs.throughput;

/**
 * A request as it is metered.
 *
 * @param bytes of data, for a read or write; of request and reply, for others
 */
public record Io(Kind kind, long bytes) {
  /** What a request does. */
  public enum Kind {
    DATA_READ,
    DATA_WRITE,
    METADATA_READ,
    METADATA_WRITE;

    /** Whether it changes nothing. */
    public boolean reads() {
      return this == DATA_READ || this == METADATA_READ;
    }

    /** Whether it moves the contents of files. */
    public boolean data() {
      return this == DATA_READ || this == DATA_WRITE;
    }
  }

  /** What it counts against the throughput limit and as MeteredIOBytes. */
  public long meteredBytes() {
    return meteredBytes(kind, bytes);
  }

  /** See {@link #meteredBytes()}; a fraction of a byte counts as one. */
  public static long meteredBytes(Kind kind, long bytes) {
    long least = Math.max(bytes, Figures.LEAST_REQUEST_BYTES);
    return kind == Kind.DATA_READ ? Math.ceilDiv(least, Figures.READ_DISCOUNT) : least;
  }

  /** What it counts as TotalIOBytes: whole KiB, and a least that depends on its kind. */
  public static long totalBytes(Kind kind, long bytes) {
    long least = kind.data() ? Figures.LEAST_DATA_IO_BYTES : Figures.LEAST_REQUEST_BYTES;
    return Math.max(Math.ceilDiv(bytes, Figures.KIB) * Figures.KIB, least);
  }
}
